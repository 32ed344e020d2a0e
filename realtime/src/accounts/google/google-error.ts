export type GoogleErrorCode =
  /** What was shown does not prove who somebody is: another try with it would end alike. */
  | "refused"
  /** Google does not answer. */
  | "away";

/** The message is a sentence for the person; it never holds a token or an address. */
export class GoogleError extends Error {
  override readonly name = "GoogleError";
  readonly code: GoogleErrorCode;
  readonly retryable: boolean;

  constructor(code: GoogleErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.retryable = code === "away";
  }
}

export function googleAway(cause?: unknown): GoogleError {
  return new GoogleError("away", "Google does not answer right now. Please try again in a moment.", { cause });
}

export function googleRefused(cause?: unknown): GoogleError {
  return new GoogleError("refused", "Google's answer does not prove who you are. Please sign in again.", { cause });
}
