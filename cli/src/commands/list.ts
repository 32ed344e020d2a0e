import { ClientError, type KnownChat, type OwnedLink, ShareClient } from "@openmates-share/client";
import { fileStore, homeDirectory } from "../file-store.ts";
import { harmlessJson, harmlessLine } from "../harmless.ts";
import { serverFrom } from "../server.ts";
import type { Terminal } from "../terminal.ts";

export interface ListCommand {
  readonly server?: string;
  readonly json?: boolean;
}

interface Listed extends KnownChat {
  /** Null for the chats of others, and when the server cannot be asked. */
  readonly links: readonly OwnedLink[] | null;
}

/** Prints the chats of a server that this device holds keys for, newest first, and the links of one's own. */
export async function list(terminal: Terminal, options: ListCommand): Promise<void> {
  const server = serverFrom({ server: options.server, env: terminal.env });
  const client = new ShareClient({ server, store: fileStore({ home: homeDirectory(terminal.env), server }) });
  const chats = await client.chats();
  if (chats.length === 0) await terminal.say(`No chats of ${server} are known here.`);
  const listed = await withLinks(client, chats);
  if (listed.some(({ owner, links }) => owner && links === null)) {
    await terminal.say("The server can't say which links there are; the chats are listed without.");
  }
  await terminal.print(options.json ? `${harmlessJson(listed)}\n` : listed.map(lines).join(""));
}

async function withLinks(client: ShareClient, chats: readonly KnownChat[]): Promise<readonly Listed[]> {
  const listed: Listed[] = [];
  let asks = true;
  for (const chat of chats) {
    const links = asks && chat.owner ? await linksOf(client, chat) : null;
    // One that can't be reached is not waited for again.
    if (chat.owner && links === "unreachable") asks = false;
    listed.push({ ...chat, links: links === "unreachable" ? null : links });
  }
  return listed;
}

async function linksOf(client: ShareClient, { chat }: KnownChat): Promise<readonly OwnedLink[] | "unreachable" | null> {
  try {
    return await client.links(chat);
  } catch (error) {
    if (!(error instanceof ClientError)) throw error;
    return error.code === "unreachable" ? "unreachable" : null;
  }
}

function lines({ chat, title, owner, openedAt, linkMode, links }: Listed): string {
  const head = [chat, day(openedAt), owner ? "owner" : (linkMode ?? "reader"), harmlessLine(title)];
  return [head, ...(links ?? []).map(linkFields)].map((fields) => `${fields.join("\t")}\n`).join("");
}

/** Set in by an empty field. */
function linkFields(link: OwnedLink): string[] {
  const { mode, audience, expiresAt, viewLimit, views, label } = link;
  return [
    "",
    link.link,
    mode,
    audience.type === "named" ? harmlessLine(audience.address) : "everybody",
    expiresAt === null ? "no end" : `${expiresAt <= Date.now() ? "ended" : "until"} ${day(expiresAt)}`,
    viewLimit === null ? `${views} views` : `${views} of ${viewLimit} views`,
    harmlessLine(label ?? ""),
  ];
}

function day(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
