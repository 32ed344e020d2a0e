import { memoryStore, parseShareUrl, ShareClient } from "@openmates-share/client";
import { identifyLink } from "@openmates-share/protocol/link";
import { bearerOfLink, type ChatId } from "@openmates-share/protocol/wire";
import { benchConversation } from "./conversation.ts";

export interface BenchChat {
  readonly chat: ChatId;
  readonly length: number;
  /** The link to read it. */
  readonly url: string;
  /** What a request shows to read it. */
  readonly bearer: string;
}

/** Shares a chat by the real client: every message is sealed, uploaded, and under the owner's seal. */
export async function shareChat(server: string, { length }: { length: number }): Promise<BenchChat> {
  const client = new ShareClient({ server, store: memoryStore() });
  try {
    const { chat, url } = await client.share(benchConversation(length), { mode: "read-only", name: "Ada" });
    return { chat, length, url, bearer: await bearerOf(url) };
  } finally {
    await client.close();
  }
}

export async function bearerOf(url: string): Promise<string> {
  const { subject, key } = parseShareUrl(url);
  const { link, token } = await identifyLink({ linkKey: key, subject: subject.id });
  return bearerOfLink({ link, token });
}
