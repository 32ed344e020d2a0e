import {
  type MessageWindow,
  type ReplyContent,
  type RoomMessage,
  type RoomState,
  textParts,
} from "@openmates-share/client";

// Ids are text to everybody but the compiler.
const id = <T>(text: string) => text as unknown as T;

export function contentMessage(seq: number, content: object): RoomMessage {
  const after = { seq: seq - 1, head: new Uint8Array(32) };
  const body = { type: "content", content: { time: null, after, ...content } };
  return {
    seq,
    id: id(`m${seq}`),
    sender: id("s1"),
    storedAt: 1,
    edited: null,
    doubt: null,
    body: body as RoomMessage["body"],
  };
}

export function textMessage(
  seq: number,
  { text = "", ...fields }: { text?: string; [field: string]: unknown },
): RoomMessage {
  return contentMessage(seq, {
    type: "message",
    role: "user",
    name: "",
    parts: textParts(text),
    replyTo: null,
    model: null,
    withheld: false,
    ...fields,
  });
}

export function replyMessage(seq: number, fields: Partial<ReplyContent> & { ask: string }): RoomMessage {
  const { ask, ...given } = fields;
  const reply: ReplyContent = {
    type: "reply",
    text: "",
    replyTo: id("m1"),
    model: "demo",
    demo: true,
    ended: "complete",
    given: { count: 1, offered: 1, hash: new Uint8Array(32) },
    time: 1,
    ...given,
  };
  return {
    seq,
    id: id(`m${seq}`),
    sender: id("mate"),
    storedAt: 1,
    edited: null,
    doubt: null,
    body: { type: "reply", ask: id(ask), reply },
  };
}

/** All of a chat, loaded. */
export function windowOf(messages: readonly RoomMessage[]): MessageWindow {
  return { through: messages.length, loaded: messages, at: (seq) => messages[seq - 1] };
}

export function roomState(fields: Partial<RoomState>): RoomState {
  return {
    chat: id("c1"),
    role: "member",
    linkMode: "collaborative",
    title: "Rye",
    owner: id("ada"),
    me: null,
    connection: "live",
    messages: windowOf([]),
    complete: true,
    named: true,
    pending: [],
    amending: [],
    reactions: { of: () => [] },
    answers: [],
    people: [],
    readThrough: 0,
    namesakes: { of: () => null },
    sharedThrough: 0,
    closed: false,
    offeredTo: null,
    handedOver: false,
    ancestry: null,
    integrity: { state: "sealed", time: 5, at: { seq: 0, head: new Uint8Array(32) } },
    ...fields,
  };
}
