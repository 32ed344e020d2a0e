import { expect, test } from "vitest";
import { readEnv } from "./env.ts";
import { DEFAULT_QUOTAS } from "./mate/quotas.ts";
import { mateOf } from "./mate-settings.ts";

function settings(given: Record<string, string>) {
  return mateOf(readEnv({ DATABASE_URL: "postgres://localhost/x", ...given }));
}

test("models have names and limits, each its own or those of all others", () => {
  const mate = settings({
    OPENAI_BASE_URL: "http://localhost:11434/v1",
    OPENAI_MODEL: "llama3:8b=Llama 3, gpt-5 , org/qwen=Qwen = good",
    OPENAI_MODEL_LIMITS: "llama3:8b=8192/1000, *=32000",
  });
  expect(mate).toMatchObject({
    type: "openai",
    models: [
      { id: "llama3:8b", name: "Llama 3", limits: { context: 8192, answer: 1000 } },
      { id: "gpt-5", name: "gpt-5", limits: { context: 32_000, answer: null } },
      { id: "org/qwen", name: "Qwen = good", limits: { context: 32_000, answer: null } },
    ],
  });
});

test("of what may be asked only that is changed which is named", () => {
  const mate = settings({ OPENAI_API_KEY: "k", MATE_PER_PERSON: "asks=5 at-once=none", MATE_PER_SERVER: "tokens=0" });
  expect(mate.quotas).toEqual({
    person: { ...DEFAULT_QUOTAS.person, asks: 5, atOnce: null },
    chat: DEFAULT_QUOTAS.chat,
    server: { ...DEFAULT_QUOTAS.server, tokens: 0 },
  });
});

test.each([
  ["OPENAI_MODEL_LIMITS", "8192"],
  ["OPENAI_MODEL_LIMITS", "m=many"],
  ["OPENAI_MODEL_LIMITS", "m=8192/0"],
  ["MATE_PER_PERSON", "50"],
  ["MATE_PER_CHAT", "questions=5"],
  ["MATE_PER_SERVER", "asks=5,tokens=3"],
])("%s %j is refused with a sentence that does not quote it", (name, value) => {
  expect(() => settings({ OPENAI_API_KEY: "k", [name]: value })).toThrow(new RegExp(`^${name} is not valid`));
});
