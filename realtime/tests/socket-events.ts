import { type ChatId, type MessageId, newId, type SenderId } from "@openmates-share/protocol/wire";
import type { ClientEvent } from "../src/socket/line.ts";
import { message } from "./owned-chat.ts";

/** Where an event plays, and who it says it comes from. */
export interface Place {
  readonly chat: ChatId;
  readonly sender: SenderId;
}

type Request = Readonly<Record<string, unknown>>;

/** One well-formed request for every event there is: a new event without one does not compile. */
export const WELL_FORMED: Readonly<Record<ClientEvent, (place: Place) => Request>> = {
  join: ({ chat, sender }) => ({ chat, link: null, sender, after: 0 }),
  leave: ({ chat }) => ({ chat }),
  send: ({ chat, sender }) => ({ chat, message: { ...message(sender) } }),
  history: ({ chat }) => ({ chat, after: 0 }),
  typing: ({ chat }) => ({ chat, typing: true }),
  read: ({ chat }) => ({ chat, seq: 1 }),
  ask: ({ chat }) => ({
    chat,
    ask: newId(),
    message: newId<MessageId>(),
    replyKey: new Uint8Array(32),
    wrappedReplyKey: new Uint8Array(60),
    epoch: 1,
    context: [{ role: "user", name: "", text: "hello" }],
    model: null,
  }),
  answer: ({ chat }) => ({
    chat,
    ask: newId(),
    message: newId<MessageId>(),
    wrappedReplyKey: new Uint8Array(60),
    epoch: 1,
  }),
  relay: ({ chat }) => ({ chat, ask: newId(), stream: newId(), index: 0, pieces: [new Uint8Array(80)] }),
  settle: ({ chat }) => ({ chat, ask: newId(), stream: newId(), end: { type: "interrupted" } }),
  stop: ({ chat }) => ({ chat, ask: newId() }),
};

export const CLIENT_EVENTS = Object.keys(WELL_FORMED) as readonly ClientEvent[];
