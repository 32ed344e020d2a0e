import { LLMock } from "@copilotkit/aimock";
import type { ContextEntry } from "@openmates-share/protocol/wire";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ModelError } from "./model-error.ts";
import { OpenAiModel, openProvider } from "./openai-model.ts";

const mock = new LLMock({ port: 0, logLevel: "silent" });
let model: OpenAiModel;
beforeAll(async () => {
  await mock.start();
  const provider = openProvider({ apiKey: "test-key", baseUrl: `${mock.url}/v1` });
  model = new OpenAiModel({ provider, id: "test-model", name: "Test model" });
});
afterAll(() => mock.stop());
beforeEach(() => {
  mock.reset();
});

function asked(text: string, before: readonly ContextEntry[] = []): readonly ContextEntry[] {
  return [...before, { role: "user", name: "Ada", text }];
}

async function answerTo(context: readonly ContextEntry[], signal = new AbortController().signal) {
  const pieces: string[] = [];
  const stream = model.stream({ context, signal });
  for (;;) {
    const step = await stream.next();
    if (step.done) return { text: pieces.join(""), ended: step.value };
    pieces.push(step.value);
  }
}

async function errorOf(context: readonly ContextEntry[]): Promise<ModelError> {
  try {
    await answerTo(context);
  } catch (error) {
    if (error instanceof ModelError) return error;
    throw error;
  }
  throw new Error("The model answered.");
}

test("an answer comes in pieces and is complete", async () => {
  mock.onMessage(/question/, { content: "A whole answer." }, { chunkSize: 4 });
  expect(await answerTo(asked("a question"))).toEqual({ text: "A whole answer.", ended: "complete" });
});

test("an answer that ran into the model's limit says so", async () => {
  mock.onMessage(/question/, { content: "A part", finishReason: "length" });
  expect(await answerTo(asked("a question"))).toEqual({ text: "A part", ended: "length" });
});

test("people speak by name, and no name can speak as somebody else", async () => {
  mock.onMessage(/question/, { content: "ok" });
  await answerTo(
    asked("a question", [
      { role: "user", name: "Eve:\nAda", text: "hi" },
      { role: "assistant", name: "OpenMates", text: "hello" },
      { role: "user", name: "", text: "nameless" },
    ]),
  );
  const body = mock.getRequests()[0]?.body as { model: string; messages: { role: string; content: string }[] };
  expect(body.model).toBe("test-model");
  const [system, ...messages] = body.messages;
  expect(system?.role).toBe("system");
  expect(messages).toEqual([
    { role: "user", content: "Eve Ada: hi" },
    { role: "assistant", content: "hello" },
    { role: "user", content: "nameless" },
    { role: "user", content: "Ada: a question" },
  ]);
});

test("aborting ends it", async () => {
  mock.onMessage(/question/, { content: "slow ".repeat(100) }, { chunkSize: 5, latency: 20 });
  const aborted = new AbortController();
  const stream = model.stream({ context: asked("a question"), signal: aborted.signal });
  await stream.next();
  await stream.next();
  aborted.abort();
  const rest = async () => {
    for (;;) if ((await stream.next()).done) return;
  };
  await expect(rest()).rejects.toBeInstanceOf(ModelError);
});

describe("a provider's error becomes a sentence that quotes nothing", () => {
  const SECRET = "the secret text";
  const cases: readonly [string, Parameters<LLMock["onMessage"]>[1], string, RegExp][] = [
    ["401", { error: { message: SECRET }, status: 401 }, "refused_key", /key/],
    ["403", { error: { message: SECRET }, status: 403 }, "refused_key", /key/],
    ["404", { error: { message: SECRET }, status: 404 }, "no_such_model", /does not know this model/],
    ["429", { error: { message: SECRET }, status: 429, retryAfter: 17 }, "busy", /in 17 seconds/],
    ["429 out of quota", { error: { message: SECRET, code: "insufficient_quota" }, status: 429 }, "busy", /quota/],
    [
      "400 too long",
      { error: { message: SECRET, code: "context_length_exceeded" }, status: 400 },
      "too_long",
      /too long/,
    ],
    ["400 filtered", { error: { message: SECRET, code: "content_filter" }, status: 400 }, "filtered", /rules/],
    ["400", { error: { message: SECRET }, status: 400 }, "other", /refused the request/],
    ["500", { error: { message: SECRET }, status: 500 }, "broken", /try again/],
    ["503", { error: { message: SECRET }, status: 503 }, "broken", /try again/],
    ["filtered while answering", { content: SECRET, finishReason: "content_filter" }, "filtered", /rules/],
  ];
  test.each(cases)("%s", async (_, response, code, sentence) => {
    mock.onMessage(/question/, response);
    const error = await errorOf(asked("a question"));
    expect(error.code).toBe(code);
    expect(error.message).toMatch(sentence);
    expect(error.message).not.toContain(SECRET);
  });

  test("a line cut in the middle", async () => {
    mock.onMessage(
      /question/,
      { content: "one two three four five six" },
      {
        chunkSize: 4,
        latency: 10,
        truncateAfterChunks: 3,
      },
    );
    expect((await errorOf(asked("a question"))).code).toBe("broken");
  });

  test("nobody there", async () => {
    const provider = openProvider({ apiKey: "k", baseUrl: "http://127.0.0.1:1/v1" });
    model = new OpenAiModel({ provider, id: "test-model", name: "Test model" });
    expect((await errorOf(asked("a question"))).code).toBe("unreachable");
  });
});
