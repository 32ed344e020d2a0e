import { textParts } from "@openmates-share/protocol/content";
import { type MessageId, newId, type SenderId } from "@openmates-share/protocol/wire";
import { expect, it } from "vitest";
import { contextUpTo } from "./context.ts";
import type { RoomMessage } from "./room-state.ts";

const sender = newId<SenderId>();
const nameOf = () => "Guest";

function said(seq: number, text: string, name = "Ada"): RoomMessage {
  const after = { seq: seq - 1, head: new Uint8Array(32) };
  const content = {
    type: "message",
    role: "user",
    name,
    parts: textParts(text),
    time: 0,
    replyTo: null,
    model: null,
    withheld: false,
    after,
  } as const;
  return {
    seq,
    id: newId<MessageId>(),
    sender,
    storedAt: 0,
    edited: null,
    doubt: null,
    body: { type: "content", content },
  };
}

const windowOf = (messages: readonly RoomMessage[]) => ({ at: (seq: number) => messages[seq - 1] });

it("is what was said up to the question, oldest first, under the speakers' names", () => {
  const messages = [said(1, "Tea or coffee?"), said(2, "Tea", ""), said(3, "@OpenMates decide"), said(4, "later")];
  expect(contextUpTo(windowOf(messages), { seq: 3, nameOf })).toEqual([
    { role: "user", name: "Ada", text: "Tea or coffee?" },
    { role: "user", name: "Guest", text: "Tea" },
    { role: "user", name: "Ada", text: "@OpenMates decide" },
  ]);
});

it("leaves out the oldest when there is too much, never the question", () => {
  const long = "x".repeat(50_000);
  const messages = [said(1, long), said(2, long), said(3, "@OpenMates?")];
  expect(contextUpTo(windowOf(messages), { seq: 3, nameOf }).map(({ text }) => text.length)).toEqual([50_000, 11]);
});

it("has at most thirty messages", () => {
  const messages = Array.from({ length: 50 }, (_, i) => said(i + 1, `message ${i + 1}`));
  const context = contextUpTo(windowOf(messages), { seq: 50, nameOf });
  expect(context).toHaveLength(30);
  expect(context.at(-1)?.text).toBe("message 50");
});

it("passes over what nobody said: joins and messages that do not open", () => {
  const join = {
    type: "join",
    name: "Bob",
    colour: null,
    time: 0,
    after: { seq: 0, head: new Uint8Array(32) },
  } as const;
  const messages: RoomMessage[] = [
    {
      seq: 1,
      id: newId<MessageId>(),
      sender,
      storedAt: 0,
      edited: null,
      doubt: null,
      body: { type: "content", content: join },
    },
    {
      seq: 2,
      id: newId<MessageId>(),
      sender,
      storedAt: 0,
      edited: null,
      doubt: null,
      body: { type: "broken", code: "wrong_key", message: "…" },
    },
    said(3, "@OpenMates hello"),
  ];
  expect(contextUpTo(windowOf(messages), { seq: 3, nameOf })).toHaveLength(1);
});
