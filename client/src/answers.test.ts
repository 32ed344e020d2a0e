import {
  type ChatKey,
  createChatKey,
  createReplyKey,
  openReplyStream,
  wrapReplyKey,
} from "@openmates-share/protocol/crypto";
import { sealDelta } from "@openmates-share/protocol/reply";
import {
  type AskId,
  type AskStatus,
  type ChatId,
  type Delta,
  type MessageId,
  newId,
  type StreamId,
} from "@openmates-share/protocol/wire";
import { beforeEach, expect, it } from "vitest";
import { Answers } from "./answers.ts";

const chat = newId<ChatId>();
const ask = newId<AskId>();
const message = newId<MessageId>();
let chatKey: ChatKey;
let answers: Answers;

beforeEach(async () => {
  chatKey = await createChatKey(chat);
  answers = new Answers(() => chatKey);
});

/** One attempt: its status as the server announces it, and its sealed pieces. */
async function attempt(pieces: readonly string[]): Promise<{ status: AskStatus; deltas: Delta[] }> {
  const replyKey = createReplyKey();
  const stream = newId<StreamId>();
  const wrappedReplyKey = await wrapReplyKey({ chatKey, ask, replyKey });
  const sealing = await openReplyStream({ chat, ask, stream, replyKey });
  const deltas = await Promise.all(
    pieces.map(async (text, index) => ({ chat, ask, stream, index, sealed: await sealDelta(sealing, index, text) })),
  );
  return {
    status: { chat, ask, message, by: null, status: { state: "running", stream, wrappedReplyKey, epoch: 1 } },
    deltas,
  };
}

it("grows piece by piece, in order, whatever order the pieces come in", async () => {
  const { status, deltas } = await attempt(["Hello", ", ", "world"]);
  await answers.update(status);
  const [first, second, third] = deltas;
  if (!first || !second || !third) throw new Error("three pieces are made above");
  expect(await answers.add(third)).toBe(false);
  expect(answers.list[0]?.text).toBe("");
  await answers.add(first);
  expect(answers.list[0]?.text).toBe("Hello");
  expect(await answers.add(second)).toBe(true);
  await answers.add(second);
  expect(answers.list[0]).toMatchObject({ ask, message, state: "running", text: "Hello, world", reason: null });
});

it("keeps what came of an interrupted answer, and begins anew with the next attempt", async () => {
  const first = await attempt(["half of"]);
  await answers.update(first.status);
  for (const delta of first.deltas) await answers.add(delta);
  await answers.update({ chat, ask, message, by: null, status: { state: "interrupted" } });
  expect(answers.list[0]).toMatchObject({ state: "interrupted", text: "half of" });
  const second = await attempt(["whole"]);
  await answers.update(second.status);
  for (const delta of [...first.deltas, ...second.deltas]) await answers.add(delta);
  expect(answers.list[0]).toMatchObject({ state: "running", text: "whole" });
});

it("shows a piece that does not open as a hole", async () => {
  const { status, deltas } = await attempt(["a", "b"]);
  const [a, b] = deltas;
  if (!a || !b) throw new Error("two pieces are made above");
  await answers.update(status);
  await answers.add({ ...a, sealed: b.sealed });
  await answers.add(b);
  expect(answers.list[0]?.text).toBe("\u{FFFD}b");
});

it("stays until the stored reply is there, so that nothing flickers", async () => {
  const { status } = await attempt([]);
  await answers.update(status);
  await answers.update({ chat, ask, message, by: null, status: { state: "answered" } });
  expect(answers.list).toHaveLength(1);
  answers.finish(ask);
  expect(answers.list).toHaveLength(0);
});

it("A90: says that an answer is given under a key that is none, and nothing of it", async () => {
  const { status, deltas } = await attempt(["unreadable"]);
  const [delta] = deltas;
  if (!delta || status.status.state !== "running") throw new Error("an attempt is made above");
  await answers.update({ ...status, status: { ...status.status, wrappedReplyKey: new Uint8Array(60) } });
  expect(await answers.add(delta)).toBe(true);
  expect(answers.list).toMatchObject([{ ask, state: "running", text: "" }]);
  const retried = await attempt(["readable"]);
  await answers.update({ chat, ask, message, by: null, status: { state: "interrupted" } });
  await answers.update(retried.status);
  for (const piece of retried.deltas) await answers.add(piece);
  expect(answers.list).toMatchObject([{ ask, state: "running", text: "readable" }]);
});
