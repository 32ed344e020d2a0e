import {
  createReplyKey,
  openDelta,
  openReply,
  openReplyStream,
  replyEnvelope,
  unwrapReplyKey,
  wrapReplyKey,
} from "@openmates-share/protocol/crypto";
import type { ReplyContent } from "@openmates-share/protocol/reply";
import {
  type AskId,
  type AskRequest,
  type AskStatus,
  type Delta,
  type MessageId,
  newId,
  replyIdOf,
  type StoredMessage,
} from "@openmates-share/protocol/wire";
import type { TestChat } from "./chat-world.ts";
import type { TestClient } from "./test-client.ts";

/** An ask as a client makes it: a fresh reply key, wrapped for the room. */
export async function askFor(
  { chat, key }: TestChat,
  options: { message: MessageId; text: string; ask?: AskId },
): Promise<AskRequest> {
  const { message, text, ask = newId<AskId>() } = options;
  const replyKey = createReplyKey();
  return {
    chat,
    ask,
    message,
    replyKey,
    wrappedReplyKey: await wrapReplyKey({ chatKey: key, ask, replyKey }),
    epoch: key.epoch,
    context: [{ role: "user", name: "Ada", text }],
    model: null,
  };
}

/** What the deltas of a running answer say, opened with the chat's key alone. */
export async function streamed({ chat, key }: TestChat, status: AskStatus, deltas: readonly Delta[]): Promise<string> {
  if (status.status.state !== "running") throw new Error("It does not run.");
  const { ask } = status;
  const { stream, wrappedReplyKey } = status.status;
  const replyKey = await unwrapReplyKey({ chatKey: key, ask, wrapped: new Uint8Array(wrappedReplyKey) });
  const opened = await openReplyStream({ chat, ask, stream, replyKey });
  const mine = deltas.filter((delta) => delta.stream === stream).sort((a, b) => a.index - b.index);
  const unique = mine.filter((delta, i) => delta.index !== mine[i - 1]?.index);
  const texts = await Promise.all(unique.map(({ index, sealed }) => openDelta(opened, index, sealed)));
  return texts.join("");
}

/** The stored answer, opened with the chat's key alone. */
export async function readReply({ chat, key }: TestChat, ask: AskId, message: StoredMessage): Promise<ReplyContent> {
  const envelope = replyEnvelope(message.envelope);
  const replyKey = await unwrapReplyKey({ chatKey: key, ask, wrapped: envelope.wrappedReplyKey });
  const { reply } = await openReply({ chat, ask, sender: message.sender, replyKey, envelope: message.envelope });
  return reply;
}

/** Resolves with the stored answer once the client has heard it. */
export async function hearsReply(client: TestClient, ask: AskId): Promise<StoredMessage> {
  const isReply = ({ id }: StoredMessage) => id === replyIdOf(ask);
  const { messages } = await client.hears("messages", (batch) => batch.messages.some(isReply));
  const reply = messages.find(isReply);
  if (!reply) throw new Error("The batch has the reply.");
  return reply;
}

/** Resolves with the first news of that state of an ask. */
export async function hearsState(
  client: TestClient,
  ask: AskId,
  state: AskStatus["status"]["state"],
): Promise<AskStatus> {
  return client.hears("ask", (status) => status.ask === ask && status.status.state === state);
}

export function deltasOf(client: TestClient, ask: AskId): Delta[] {
  return client
    .heard("delta")
    .flatMap(({ deltas }) => deltas)
    .filter((delta) => delta.ask === ask);
}
