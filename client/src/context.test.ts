import { textParts } from "@openmates-share/protocol/content";
import { type MessageId, newId, type SenderId } from "@openmates-share/protocol/wire";
import { expect, it } from "vitest";
import { contextUpTo, usualContext } from "./context.ts";
import type { RoomMessage } from "./room-state.ts";

const sender = newId<SenderId>();
const nameOf = () => "Guest";

function said(seq: number, text: string, name = "Ada", { withheld = false } = {}): RoomMessage {
  const after = { seq: seq - 1, head: new Uint8Array(32) };
  const content = {
    type: "message",
    role: "user",
    name,
    parts: textParts(text),
    time: 0,
    replyTo: null,
    model: null,
    withheld,
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

const view = { nameOf, isByOwner: () => false, withheldHere: () => null };

function textsUpTo(messages: readonly RoomMessage[], seq = messages.length): string[] {
  return contextUpTo(windowOf(messages), { seq, ...view }).map(({ entry }) => entry.text);
}

it("is what was said up to the question, oldest first, under the speakers' names", () => {
  const messages = [said(1, "Tea or coffee?"), said(2, "Tea", ""), said(3, "@OpenMates decide"), said(4, "later")];
  expect(contextUpTo(windowOf(messages), { seq: 3, ...view }).map(({ entry }) => entry)).toEqual([
    { role: "user", name: "Ada", text: "Tea or coffee?" },
    { role: "user", name: "Guest", text: "Tea" },
    { role: "user", name: "Ada", text: "@OpenMates decide" },
  ]);
});

it("usually is twenty messages, fewer when they are long, and never without the question", () => {
  const messages = Array.from({ length: 50 }, (_, i) => said(i + 1, `message ${i + 1}`));
  const usual = usualContext(contextUpTo(windowOf(messages), { seq: 50, ...view }));
  expect(usual.map(({ seq }) => seq)).toEqual(Array.from({ length: 20 }, (_, i) => i + 31));
  const long = [said(1, "x".repeat(30_000)), said(2, "x".repeat(30_000)), said(3, "x".repeat(50_000))];
  const lengths = (some: readonly RoomMessage[]) =>
    usualContext(contextUpTo(windowOf(some), { seq: some.length, ...view })).map(({ entry }) => entry.text.length);
  expect(lengths(long)).toEqual([50_000]);
  expect(lengths(long.slice(0, 2))).toEqual([30_000]);
  expect(usualContext([])).toEqual([]);
});

it("is no more than one ask takes, in messages and in bytes", () => {
  const many = Array.from({ length: 250 }, (_, i) => said(i + 1, `message ${i + 1}`));
  expect(textsUpTo(many)).toHaveLength(200);
  expect(textsUpTo(many).at(-1)).toBe("message 250");
  const large = Array.from({ length: 5 }, (_, i) => said(i + 1, "ö".repeat(50_000)));
  expect(textsUpTo(large)).toHaveLength(3);
});

it("C16, C17: has nothing that its writer keeps from models, here or in what is stored", () => {
  const held = said(1, "not for models", "Ada", { withheld: true });
  const [shown, question] = [said(2, "for models"), said(3, "@OpenMates?")];
  expect(textsUpTo([held, shown, question])).toEqual(["for models", "@OpenMates?"]);
  const withheldHere = (id: MessageId) => (id === shown.id ? true : id === held.id ? false : null);
  const context = contextUpTo(windowOf([held, shown, question]), { seq: 3, ...view, withheldHere });
  expect(context.map(({ entry }) => entry.text)).toEqual(["not for models", "@OpenMates?"]);
});

it("ends where messages are not here", () => {
  const messages = [said(1, "one"), said(2, "two"), said(3, "three")];
  const window = { at: (seq: number) => (seq === 1 ? undefined : messages[seq - 1]) };
  expect(contextUpTo(window, { seq: 3, ...view }).map(({ seq }) => seq)).toEqual([2, 3]);
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
  expect(contextUpTo(windowOf(messages), { seq: 3, ...view })).toHaveLength(1);
});

it("C90: takes an answer that the owner brought in for the model's, and of members everything for theirs", () => {
  const answered = (fields: object): RoomMessage => {
    const message = said(1, "I agreed to that.", "OpenMates");
    const { body } = message;
    if (body.type !== "content" || body.content.type !== "message") throw new Error("it is a message");
    return { ...message, body: { ...body, content: { ...body.content, role: "assistant", ...fields } } };
  };
  const entry = (message: RoomMessage, isByOwner: boolean) =>
    contextUpTo(windowOf([message]), { seq: 1, ...view, isByOwner: () => isByOwner })[0]?.entry;
  expect(entry(answered({}), true)).toMatchObject({ role: "assistant" });
  expect(entry(answered({}), false)).toMatchObject({ role: "user", name: "OpenMates" });
  const answer = { ended: "complete", given: { count: 1, offered: 1, hash: new Uint8Array(32) } };
  for (const isByOwner of [true, false]) {
    expect(entry(answered({ answer }), isByOwner)).toMatchObject({ role: "user", name: "Guest’s own model" });
  }
});
