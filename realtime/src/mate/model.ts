import type { Category, ContextEntry } from "@openmates-share/protocol/wire";

/** How a model ended by itself: it was done, or it ran into its limit. */
export type ModelEnd = "complete" | "length";

export interface ModelRequest {
  /** Oldest first; the last entries are what was asked. */
  readonly context: readonly ContextEntry[];
  /** What the chat's public card says it is about; null for a chat without one. */
  readonly category: Category | null;
  readonly signal: AbortSignal;
}

/** How much a model takes and gives, in tokens. */
export interface TokenLimits {
  /** Of everything: instructions, context and answer. */
  readonly context: number;
  /** Of the answer; null leaves it to the provider. */
  readonly answer: number | null;
}

/** Something that answers. */
export interface Model {
  readonly id: string;
  /** As people read it. */
  readonly name: string;
  /** True when no model answers but the built-in demo. */
  readonly demo: boolean;
  /** Tokens that a context may have; null for any. */
  readonly room: number | null;
  /** Tokens that its answer is expected to have at most; 0 for one that costs nothing. */
  readonly answerTokens: number;
  /**
   * The answer piece by piece; an empty piece is a sign of life. Returns how it ended. Aborting the signal ends it early,
   * by return or by throwing, whatever comes first.
   * @throws ModelError
   */
  stream(request: ModelRequest): AsyncGenerator<string, ModelEnd, void>;
}
