import { type ChatId, ClientError, parseShareUrl, ShareClient } from "@openmates-share/client";
import { fileStore, homeDirectory } from "../file-store.ts";
import { linkText } from "../open-link.ts";
import { linkAndServer } from "../server.ts";
import type { Terminal } from "../terminal.ts";

export interface RevokeCommand {
  readonly server?: string;
}

/** Ends a link that was made on this device. */
export async function revoke(terminal: Terminal, given: string, options: RevokeCommand): Promise<void> {
  const { link, server } = linkAndServer(await linkText(terminal, given), options.server);
  const client = new ShareClient({ server, store: fileStore({ home: homeDirectory(terminal.env), server }) });
  try {
    // An embed has no owner's record, so its id ends in "no key" like that of any other chat.
    const chat = link.subject.id as ChatId;
    const links = await client.links(chat);
    const mine = links.find(({ url }) => url !== null && sameKey(parseShareUrl(url).key, link.key));
    if (!mine) throw new ClientError("not_found", "That link is not there any more, or it was made on another device.");
    await client.revokeLink(chat, mine.link);
    await terminal.say("Revoked: nobody can open that link any more. What its readers have read can't be taken back.");
  } finally {
    await client.close();
  }
}

const sameKey = (a: Uint8Array, b: Uint8Array) => a.length === b.length && a.every((byte, index) => byte === b[index]);
