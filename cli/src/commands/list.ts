import { type KnownChat, ShareClient } from "@openmates-share/client";
import { fileStore, homeDirectory } from "../file-store.ts";
import { harmlessJson, harmlessLine } from "../harmless.ts";
import { serverFrom } from "../server.ts";
import type { Terminal } from "../terminal.ts";

export interface ListCommand {
  readonly server?: string;
  readonly json?: boolean;
}

/** Prints the chats of a server that this device holds keys for, newest first; asks nobody. */
export async function list(terminal: Terminal, options: ListCommand): Promise<void> {
  const server = serverFrom({ server: options.server, env: terminal.env });
  const client = new ShareClient({ server, store: fileStore({ home: homeDirectory(terminal.env), server }) });
  const chats = await client.chats();
  if (chats.length === 0) await terminal.say(`No chats of ${server} are known here.`);
  await terminal.print(options.json ? `${harmlessJson(chats)}\n` : chats.map(line).join(""));
}

function line({ chat, title, owner, openedAt, linkMode }: KnownChat): string {
  const date = new Date(openedAt).toISOString().slice(0, 10);
  return `${[chat, date, owner ? "owner" : (linkMode ?? "reader"), harmlessLine(title)].join("\t")}\n`;
}
