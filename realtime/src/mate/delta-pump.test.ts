import { createReplyKey, openDelta, openReplyStream, type ReplyStream } from "@openmates-share/protocol/crypto";
import { type AskId, type ChatId, type Delta, newId, type StreamId } from "@openmates-share/protocol/wire";
import { beforeEach, describe, expect, test } from "vitest";
import { until } from "../../tests/until.ts";
import { DeltaPump } from "./delta-pump.ts";

let stream: ReplyStream;
let emitted: Delta[];
/** Ends the pump's pauses, one at a time. */
let resume: () => void;
let resumable: () => boolean;
let pump: DeltaPump;

beforeEach(async () => {
  stream = await openReplyStream({
    chat: newId<ChatId>(),
    ask: newId<AskId>(),
    stream: newId<StreamId>(),
    replyKey: createReplyKey(),
  });
  emitted = [];
  const resumes: (() => void)[] = [];
  resume = () => resumes.shift()?.();
  resumable = () => resumes.length > 0;
  pump = new DeltaPump({
    stream,
    emit: (delta) => emitted.push(delta),
    pause: () => new Promise<void>((resolve) => resumes.push(resolve)),
  });
});

function opened(): Promise<string[]> {
  return Promise.all(emitted.map(({ index, sealed }) => openDelta(stream, index, sealed)));
}

async function count(deltas: number): Promise<void> {
  await until(() => emitted.length >= deltas);
  expect(emitted).toHaveLength(deltas);
}

describe("pumping deltas", () => {
  test("the first piece goes out at once, what comes during the pause goes out together", async () => {
    pump.push("one ");
    await count(1);
    pump.push("two ");
    pump.push("three ");
    await until(() => resumable());
    expect(emitted).toHaveLength(1);
    resume();
    await count(2);
    expect(await opened()).toEqual(["one ", "two three "]);
    expect(emitted.map(({ index }) => index)).toEqual([0, 1]);
    expect(pump.deltas).toEqual(emitted);
  });

  test("it begins again after it had nothing to do", async () => {
    pump.push("one");
    await until(() => resumable());
    resume();
    pump.push("two");
    await count(2);
    expect(await opened()).toEqual(["one", "two"]);
  });

  test("closing sends the rest", async () => {
    pump.push("one");
    await until(() => resumable());
    pump.push("two");
    const closed = pump.close();
    resume();
    await closed;
    expect(await opened()).toEqual(["one", "two"]);
  });

  test("half a character waits for its other half", async () => {
    pump.push("a\uD83D");
    await until(() => resumable());
    resume();
    pump.push("\uDE00");
    await count(2);
    expect(await opened()).toEqual(["a", "\u{1F600}"]);
  });
});
