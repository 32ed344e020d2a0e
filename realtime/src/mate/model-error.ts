export type ModelErrorCode =
  | "refused_key"
  | "no_such_model"
  | "busy"
  | "too_long"
  | "filtered"
  | "broken"
  | "unreachable"
  | "stalled"
  | "empty"
  | "other";

/** Why a model gave no answer. The message is a sentence for the room: it quotes neither content nor the provider. */
export class ModelError extends Error {
  override readonly name = "ModelError";
  readonly code: ModelErrorCode;
  /** Whether "Try again" has a chance without somebody changing the server's settings. */
  readonly retryable: boolean;

  constructor(code: ModelErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.retryable = code !== "refused_key" && code !== "no_such_model";
  }
}
