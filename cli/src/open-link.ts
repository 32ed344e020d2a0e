import { type Room, ShareClient } from "@openmates-share/client";
import { fileStore, homeDirectory } from "./file-store.ts";
import { openAsking } from "./password.ts";
import { linkAndServer } from "./server.ts";
import type { Terminal } from "./terminal.ts";

interface OpenLink {
  /** A link, or `-` to read one from standard input, where no other process sees it. */
  readonly link: string;
  readonly server: string | undefined;
  readonly passwordStdin: boolean;
  readonly name?: string;
  readonly live: boolean;
}

/** Opens a link, does the work and closes everything again. */
export async function withRoom(
  terminal: Terminal,
  options: OpenLink,
  work: (room: Room) => Promise<void>,
): Promise<void> {
  const text = await linkText(terminal, options.link);
  const { link, server } = linkAndServer(text, options.server);
  const client = new ShareClient({ server, store: fileStore({ home: homeDirectory(terminal.env), server }) });
  const { name, live } = options;
  try {
    const room = await openAsking({
      terminal,
      fromStdin: options.passwordStdin,
      open: (password) => client.open(link, { password, live, signal: terminal.signal, ...(name ? { name } : {}) }),
    });
    await work(room);
  } finally {
    await client.close();
  }
}

/** The link as given, or the one line of standard input for `-`. */
export function linkText(terminal: Terminal, link: string): Promise<string> {
  return link === "-" ? terminal.readLine("link") : Promise.resolve(link);
}
