/** Something that a person has to put right before it can be done; the message is the sentence that says what. */
export class InputError extends Error {
  readonly code = "input";
  readonly retryable = false;
}
