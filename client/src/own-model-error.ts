export type OwnModelFault = "unreachable" | "refused_key" | "other";

/** Why one's own model gave no answer. */
export class OwnModelError extends Error {
  override readonly name = "OwnModelError";
  readonly code: OwnModelFault;
  readonly retryable = true;

  constructor(code: OwnModelFault, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
