import OpenAI from "openai";
import type { Model, ModelEnd, ModelRequest, TokenLimits } from "./model.ts";
import { ModelError } from "./model-error.ts";
import { INSTRUCTION_TOKENS, promptOf } from "./prompt.ts";
import { asModelError, filtered } from "./provider-error.ts";

/** Until the provider's headers arrive; after that, the answer's own clock watches for a stall. */
const CONNECT_TIMEOUT_MS = 60_000;

const OPENAI = "https://api.openai.com/v1";

/** What models of the last years take, and leaves the answer to the provider. Smaller ones have to be told of. */
export const USUAL_LIMITS: TokenLimits = { context: 128_000, answer: null };

/** Room for an answer of which no limit is known: four pages. */
const USUAL_ANSWER = 4_096;

export function openProvider(options: { apiKey: string; baseUrl: string | null }): OpenAI {
  const { apiKey, baseUrl } = options;
  return new OpenAI({
    apiKey,
    // Null is the provider's own address; undefined would make the package look into the environment.
    baseURL: baseUrl ?? OPENAI,
    organization: null,
    project: null,
    timeout: CONNECT_TIMEOUT_MS,
    // People see a refusal at once and have "Try again"; silent waiting helps nobody in a chat.
    maxRetries: 0,
    // The package would log requests, and they carry what people wrote.
    logLevel: "off",
  });
}

/** A model of any OpenAI-compatible endpoint. */
export class OpenAiModel implements Model {
  readonly id: string;
  readonly name: string;
  readonly demo = false;
  readonly room: number;
  readonly answerTokens: number;
  readonly #provider: OpenAI;
  readonly #limits: TokenLimits;

  constructor(options: { provider: OpenAI; id: string; name: string; limits?: TokenLimits }) {
    this.#provider = options.provider;
    this.#limits = options.limits ?? USUAL_LIMITS;
    this.id = options.id;
    this.name = options.name;
    const { context, answer } = this.#limits;
    // A small model keeps at least half of what it has for its answer.
    this.answerTokens = Math.floor(Math.min(answer ?? USUAL_ANSWER, context / 2));
    this.room = Math.max(0, context - INSTRUCTION_TOKENS - this.answerTokens);
  }

  async *stream({ context, category, signal }: ModelRequest): AsyncGenerator<string, ModelEnd, void> {
    let begun = false;
    try {
      const chunks = await this.#provider.chat.completions.create(
        { model: this.id, messages: promptOf(context, category), stream: true, ...this.#answerLimit() },
        { signal },
      );
      for await (const { choices } of chunks) {
        begun = true;
        const choice = choices?.[0];
        const { content, refusal } = choice?.delta ?? {};
        // What a model says instead of an answer is its answer.
        yield textOf(content) || textOf(refusal);
        if (choice?.finish_reason) return endOf(choice.finish_reason);
      }
    } catch (error) {
      const failure = asModelError(error);
      throw begun && failure.code === "unreachable" ? brokenOff(error) : failure;
    }
    // A connection that is closed between two chunks ends the stream without an error.
    throw brokenOff();
  }

  /** OpenAI's own newer models refuse the old name, and others know only that. */
  #answerLimit(): { max_completion_tokens?: number; max_tokens?: number } {
    const { answer } = this.#limits;
    if (answer === null) return {};
    return this.#provider.baseURL === OPENAI ? { max_completion_tokens: answer } : { max_tokens: answer };
  }
}

/** Endpoints that only resemble OpenAI's send all sorts of things in a piece's place. */
function textOf(piece: unknown): string {
  return typeof piece === "string" ? piece : "";
}

function brokenOff(cause?: unknown): ModelError {
  return new ModelError("broken", "The model's answer broke off. Please try again.", { cause });
}

function endOf(reason: OpenAI.ChatCompletionChunk.Choice["finish_reason"]): ModelEnd {
  if (reason === "content_filter") throw filtered();
  return reason === "length" ? "length" : "complete";
}
