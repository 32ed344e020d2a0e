import type { AskFault } from "@openmates-share/protocol/wire";

/** Why a model gave no answer. The message is a sentence for the room: it quotes neither content nor the provider. */
export class ModelError extends Error {
  override readonly name = "ModelError";
  readonly code: AskFault;
  /** Whether "Try again" has a chance without somebody changing the server's settings. */
  readonly retryable: boolean;
  /** Seconds until the provider wants to be asked again; null when it has not said. */
  readonly retryAfter: number | null;

  constructor(code: AskFault, message: string, options: ErrorOptions & { retryAfter?: number | null } = {}) {
    super(message, options);
    this.code = code;
    this.retryable = code !== "refused_key" && code !== "no_such_model";
    this.retryAfter = options.retryAfter ?? null;
  }
}
