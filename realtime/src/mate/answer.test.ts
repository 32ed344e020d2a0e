import { LIMITS } from "@openmates-share/protocol/wire";
import { describe, expect, test } from "vitest";
import { type AnswerOptions, answer, type Outcome } from "./answer.ts";
import { DemoModel } from "./demo-model.ts";
import type { Model, ModelEnd, ModelRequest } from "./model.ts";
import { ModelError } from "./model-error.ts";

/** A model that does what a test says. */
function modelOf(stream: (request: ModelRequest) => AsyncGenerator<string, ModelEnd, void>): Model {
  return { id: "test", name: "Test", demo: false, room: null, answerTokens: 0, stream };
}

async function run(model: Model, options: Partial<AnswerOptions> = {}): Promise<{ outcome: Outcome; written: string }> {
  let written = "";
  const outcome = await answer({
    model,
    context: [{ role: "user", name: "Ada", text: "hello" }],
    category: null,
    write: (text) => {
      written += text;
    },
    signal: new AbortController().signal,
    patienceMs: 60_000,
    ...options,
  });
  return { outcome, written };
}

/** Never resolves, and does not listen to anything. */
const forever = () => new Promise<never>(() => {});

describe("answering", () => {
  test("passes on every piece and says how it ended", async () => {
    const model = modelOf(async function* () {
      yield "one ";
      yield "";
      yield "two";
      return "complete";
    });
    expect(await run(model)).toEqual({
      outcome: { type: "answered", text: "one two", ended: "complete" },
      written: "one two",
    });
  });

  test.each(["", "  \n"])("an answer of %j is none", async (text) => {
    const model = modelOf(async function* () {
      yield text;
      return "complete";
    });
    expect((await run(model)).outcome).toMatchObject({ type: "failed", error: { code: "empty" } });
  });

  test("an error in the middle fails it", async () => {
    const model = modelOf(async function* () {
      yield "half";
      throw new ModelError("busy", "At its limit.");
    });
    expect((await run(model)).outcome).toMatchObject({ type: "failed", error: { code: "busy" } });
  });

  test("a model that falls silent has stalled", async () => {
    const model = modelOf(async function* () {
      yield "half";
      return await forever();
    });
    expect((await run(model, { patienceMs: 5 })).outcome).toMatchObject({ type: "failed", error: { code: "stalled" } });
  });

  test.each([
    ["stopped", "some text", { type: "answered", text: "some text", ended: "stopped" }],
    ["stopped", "", { type: "stopped" }],
    ["interrupted", "some text", { type: "interrupted" }],
  ])("%s after %j, by a model that does not listen", async (reason, text, expected) => {
    const aborted = new AbortController();
    const model = modelOf(async function* () {
      yield text;
      queueMicrotask(() => aborted.abort(reason));
      return await forever();
    });
    expect((await run(model, { signal: aborted.signal })).outcome).toEqual(expected);
  });

  test("nothing is asked of a model when it was stopped before", async () => {
    const model = modelOf(async function* () {
      yield "text";
      return "complete";
    });
    expect((await run(model, { signal: AbortSignal.abort("interrupted") })).outcome).toEqual({ type: "interrupted" });
  });
});

describe("an answer that is too long", () => {
  const cases: readonly [string, string, number][] = [
    ["just fits", "a".repeat(LIMITS.replyBytes), LIMITS.replyBytes],
    ["is cut at the limit", "a".repeat(LIMITS.replyBytes + 1), LIMITS.replyBytes],
    ["is cut between characters", "ä".repeat(LIMITS.replyBytes), LIMITS.replyBytes],
  ];
  test.each(cases)("%s", async (_, text, bytes) => {
    const model = modelOf(async function* () {
      yield text;
      return "complete";
    });
    const { outcome, written } = await run(model);
    expect(Buffer.byteLength(written)).toBe(bytes);
    expect(outcome).toMatchObject({ type: "answered", ended: written.length < text.length ? "length" : "complete" });
  });

  test("text that JSON makes longer is cut where the envelope is full", async () => {
    const model = modelOf(async function* () {
      for (let i = 0; i < 400; i++) yield "\u0001".repeat(1000);
      return "complete";
    });
    const { outcome, written } = await run(model);
    expect(outcome).toMatchObject({ type: "answered", ended: "length" });
    expect(JSON.stringify(written).length).toBeLessThan(LIMITS.envelope / 1.12);
  });
});

describe("the demo", () => {
  test("says what it is, how much it was given and by whom", async () => {
    const { outcome, written } = await run(new DemoModel({ pause: async () => {} }), {
      context: [
        { role: "user", name: "Ada *the* first", text: "hello" },
        { role: "user", name: "Ada *the* first", text: "anybody?" },
        { role: "assistant", name: "", text: "yes" },
      ],
    });
    expect(outcome).toMatchObject({ type: "answered", ended: "complete" });
    expect(written).toContain("built-in demo");
    expect(written).toContain("3 messages");
    expect(written).toContain("Ada \\*the\\* first, OpenMates");
  });

  test("ends at once when it is stopped", async () => {
    const aborted = new AbortController();
    const { outcome } = await run(new DemoModel(), {
      signal: aborted.signal,
      write: () => aborted.abort("stopped"),
    });
    expect(outcome).toMatchObject({ type: "answered", text: "**This ", ended: "stopped" });
  });
});
