import type { ContextEntry } from "@openmates-share/protocol/wire";

/** How a model ended by itself: it was done, or it ran into its limit. */
export type ModelEnd = "complete" | "length";

export interface ModelRequest {
  /** Oldest first; the last entries are what was asked. */
  readonly context: readonly ContextEntry[];
  readonly signal: AbortSignal;
}

/** Something that answers. */
export interface Model {
  readonly id: string;
  /** As people read it. */
  readonly name: string;
  /** True when no model answers but the built-in demo. */
  readonly demo: boolean;
  /**
   * The answer piece by piece; an empty piece is a sign of life. Returns how it ended. Aborting the signal ends it early,
   * by return or by throwing, whatever comes first.
   * @throws ModelError
   */
  stream(request: ModelRequest): AsyncGenerator<string, ModelEnd, void>;
}
