import { setTimeout as wait } from "node:timers/promises";
import type { ContextEntry } from "@openmates-share/protocol/wire";
import { MATE_NAME } from "./mate-name.ts";
import type { Model, ModelEnd, ModelRequest } from "./model.ts";

/** About as fast as a small model writes. */
const WORD_EVERY_MS = 35;

/** Answers when no model is configured: the same path as a real answer, and it says what it is. */
export class DemoModel implements Model {
  readonly id = "demo";
  readonly name = "Built-in demo";
  readonly demo = true;
  readonly room = null;
  readonly answerTokens = 0;
  readonly #pause: (signal: AbortSignal) => Promise<unknown>;

  constructor(options: { pause?: (signal: AbortSignal) => Promise<unknown> } = {}) {
    this.#pause = options.pause ?? ((signal) => wait(WORD_EVERY_MS, undefined, { signal }));
  }

  async *stream({ context, signal }: ModelRequest): AsyncGenerator<string, ModelEnd, void> {
    for (const word of demoAnswer(context).split(/(?<=\s)(?=\S)/)) {
      await this.#pause(signal);
      yield word;
    }
    return "complete";
  }
}

function demoAnswer(context: readonly ContextEntry[]): string {
  const speakers = [...new Set(context.map(({ role, name }) => name || (role === "user" ? "somebody" : MATE_NAME)))];
  const count = context.length === 1 ? "1 message" : `${context.length} messages`;
  return [
    `**This is the built-in demo.** No AI model is configured on this server, so nobody has thought about your question; \
the way to the answer is the real one.`,
    "What happened:",
    [
      `1. Your mention sent me ${count}, by ${speakers.map(plain).join(", ")}, and nothing else of this chat.`,
      "2. This text reached everyone here piece by piece, each piece encrypted.",
      "3. The finished answer is stored encrypted, under a key that only the people in this chat can open.",
    ].join("\n"),
    "To get real answers, start the server with a model:",
    "```sh\nOPENAI_API_KEY=… OPENAI_MODEL=… npm start\n```",
  ].join("\n\n");
}

/** A name without anything that Markdown would read. */
function plain(name: string): string {
  return name.replace(/[\p{C}\s]+/gu, " ").replace(/[\\`*_{}[\]<>()#+!|~@&]/g, "\\$&");
}
