import {
  type ChatId,
  ClientError,
  KeylessLinksError,
  type LinkId,
  parseShareUrl,
  ShareClient,
  type ShareLink,
} from "@openmates-share/client";
import { fileStore, homeDirectory } from "../file-store.ts";
import { linkText } from "../open-link.ts";
import { linkAndServer, serverFrom } from "../server.ts";
import type { Terminal } from "../terminal.ts";

export interface RevokeCommand {
  readonly server?: string;
  readonly alsoOthers?: boolean;
}

const NOT_THERE = "That link is not there any more, or it was made on another device.";
const ID = /^[\w-]{22}$/;

/** Ends a link of one's own by the link or its id, or all links of a chat by its id. */
export async function revoke(terminal: Terminal, given: string, options: RevokeCommand): Promise<void> {
  const text = await linkText(terminal, given);
  const id = ID.test(text.trim()) ? text.trim() : null;
  const named = id === null ? linkAndServer(text, options.server) : null;
  const server = named?.server ?? serverFrom({ server: options.server, env: terminal.env });
  const client = new ShareClient({ server, store: fileStore({ home: homeDirectory(terminal.env), server }) });
  try {
    if (id !== null && (await owns(client, id))) {
      await client.unshare(id as ChatId);
      await terminal.say(
        "Revoked: nobody can open this chat any more. What its readers have read can't be taken back.",
      );
      return;
    }
    const found = named ? await byUrl(client, named.link) : await byId(client, id ?? "");
    await end(client, found, options.alsoOthers ?? false);
    await terminal.say("Revoked: nobody can open that link any more. What its readers have read can't be taken back.");
  } finally {
    await client.close();
  }
}

interface Found {
  readonly chat: ChatId;
  readonly link: LinkId;
}

async function end(client: ShareClient, { chat, link }: Found, alsoOthers: boolean): Promise<void> {
  try {
    await client.revokeLink(chat, link);
  } catch (error) {
    if (!(error instanceof KeylessLinksError)) throw error;
    if (!alsoOthers) throw new ClientError(error.code, `${error.message} With --also-others they end, too.`);
    await client.revokeLink(chat, link, { alsoRevoke: error.links });
  }
}

async function owns(client: ShareClient, id: string): Promise<boolean> {
  return (await client.chats()).some(({ chat, owner }) => owner && chat === id);
}

async function byUrl(client: ShareClient, link: ShareLink): Promise<Found> {
  // An embed has no owner's record, so its id ends in "no key" like that of any other chat.
  const chat = link.subject.id as ChatId;
  const links = await client.links(chat);
  const mine = links.find(({ url }) => url !== null && sameKey(parseShareUrl(url).key, link.key));
  if (!mine) throw new ClientError("not_found", NOT_THERE);
  return { chat, link: mine.link };
}

async function byId(client: ShareClient, id: string): Promise<Found> {
  for (const { chat, owner } of await client.chats()) {
    const mine = owner && (await client.links(chat)).find(({ link }) => link === id);
    if (mine) return { chat, link: mine.link };
  }
  throw new ClientError("not_found", NOT_THERE);
}

const sameKey = (a: Uint8Array, b: Uint8Array) => a.length === b.length && a.every((byte, index) => byte === b[index]);
