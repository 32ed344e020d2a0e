/** The command line asks for something that cannot be done as it stands; the message says what to give instead. */
export class UsageError extends Error {
  override readonly name = "UsageError";
  readonly code = "usage";
  readonly retryable = false;
}
