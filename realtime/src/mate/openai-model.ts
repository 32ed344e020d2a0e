import OpenAI from "openai";
import type { Model, ModelEnd, ModelRequest } from "./model.ts";
import { ModelError } from "./model-error.ts";
import { promptOf } from "./prompt.ts";
import { asModelError, filtered } from "./provider-error.ts";

/** Until the provider's headers arrive; after that, the answer's own clock watches for a stall. */
const CONNECT_TIMEOUT_MS = 60_000;

export function openProvider(options: { apiKey: string; baseUrl: string | null }): OpenAI {
  const { apiKey, baseUrl } = options;
  return new OpenAI({
    apiKey,
    // Null is the provider's own address; undefined would make the package look into the environment.
    baseURL: baseUrl ?? "https://api.openai.com/v1",
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
  readonly #provider: OpenAI;

  constructor(options: { provider: OpenAI; id: string; name: string }) {
    this.#provider = options.provider;
    this.id = options.id;
    this.name = options.name;
  }

  async *stream({ context, signal }: ModelRequest): AsyncGenerator<string, ModelEnd, void> {
    let begun = false;
    try {
      const chunks = await this.#provider.chat.completions.create(
        { model: this.id, messages: promptOf(context), stream: true },
        { signal },
      );
      for await (const { choices } of chunks) {
        begun = true;
        const choice = choices[0];
        yield choice?.delta?.content ?? choice?.delta?.refusal ?? "";
        if (choice?.finish_reason) return endOf(choice.finish_reason);
      }
    } catch (error) {
      const failure = asModelError(error);
      throw begun && failure.code === "unreachable" ? brokenOff(error) : failure;
    }
    // A connection that is closed between two chunks ends the stream without an error.
    throw brokenOff();
  }
}

function brokenOff(cause?: unknown): ModelError {
  return new ModelError("broken", "The model's answer broke off. Please try again.", { cause });
}

function endOf(reason: OpenAI.ChatCompletionChunk.Choice["finish_reason"]): ModelEnd {
  if (reason === "content_filter") throw filtered();
  return reason === "length" ? "length" : "complete";
}
