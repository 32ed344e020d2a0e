import { identifyLink, parseShareUrl } from "@openmates-share/protocol/link";
import { bearerOfLink, type ChatId, type SenderId } from "@openmates-share/protocol/wire";
import { createPerson, type TestPerson } from "./chat-world.ts";
import type { ShareWorld } from "./share-world.ts";
import { TestClient } from "./test-client.ts";

/** Somebody who holds a link to a chat and speaks to a server without a client of ours. */
export interface Stranger {
  readonly person: TestPerson;
  /** Closed by whoever asked for it. */
  readonly line: TestClient;
  /** What they come in with. */
  readonly join: { readonly chat: ChatId; readonly link: string; readonly sender: SenderId; readonly after: number };
}

/** Connects to a node, and has not come in yet. */
export async function strangerAt(world: ShareWorld, { node, url }: { node: 0 | 1; url: string }): Promise<Stranger> {
  const { subject, key } = parseShareUrl(url);
  const chat = subject.id as ChatId;
  const person = await createPerson(world.database.database);
  const link = bearerOfLink(await identifyLink({ linkKey: key, subject: chat }));
  const line = await TestClient.connect({ url: world.urlOf(node), session: person.session });
  return { person, line, join: { chat, link, sender: person.identity.sender, after: 0 } };
}
