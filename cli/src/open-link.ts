import { type ChatId, type Room, ShareClient } from "@openmates-share/client";
import { fileStore, homeDirectory } from "./file-store.ts";
import { openAsking } from "./password.ts";
import { linkAndServer, serverFrom } from "./server.ts";
import type { Terminal } from "./terminal.ts";

interface OpenLink {
  /** A link, the id of a chat that this device has, or `-` to read one from standard input, where no other process sees it. */
  readonly link: string;
  readonly server: string | undefined;
  readonly passwordStdin: boolean;
  readonly name?: string;
  readonly live: boolean;
}

const ID = /^[\w-]{22}$/;

/** Opens a link, or a chat by its id, does the work and closes everything again. */
export async function withRoom(
  terminal: Terminal,
  options: OpenLink,
  work: (room: Room, client: ShareClient, server: string) => Promise<void>,
): Promise<void> {
  const text = (await linkText(terminal, options.link)).trim();
  const id = ID.test(text) ? (text as ChatId) : null;
  const named = id === null ? linkAndServer(text, options.server) : null;
  const server = named?.server ?? serverFrom({ server: options.server, env: terminal.env });
  const client = new ShareClient({ server, store: fileStore({ home: homeDirectory(terminal.env), server }) });
  const { name, live } = options;
  const how = { live, signal: terminal.signal, ...(name ? { name } : {}) };
  try {
    const room = await openAsking({
      terminal,
      fromStdin: options.passwordStdin,
      open: (password) =>
        named ? client.open(named.link, { ...how, password }) : client.reopen(id ?? (text as ChatId), how),
    });
    await work(room, client, server);
  } finally {
    await client.close();
  }
}

/** The link as given, or the one line of standard input for `-`. */
export function linkText(terminal: Terminal, link: string): Promise<string> {
  return link === "-" ? terminal.readLine("link") : Promise.resolve(link);
}
