export type ImportErrorCode =
  /** Nothing in it. */
  | "empty"
  | "too_large"
  /** A zip archive: the conversations are in one of its files. */
  | "archive"
  /** A zip archive that is cut off or damaged. */
  | "damaged_archive"
  /** A zip archive with a password. */
  | "locked_archive"
  /** The file is not what it was when it was opened. */
  | "changed"
  /** The system did not give it. */
  | "unreadable"
  /** HTML. */
  | "web_page"
  /** Not text: an image, a PDF, another encoding. */
  | "not_text"
  /** Said to be JSON, and is not: damaged or cut off. */
  | "damaged_json"
  /** Another file of an export that does hold conversations elsewhere. */
  | "wrong_file"
  /** JSON of a shape that is not known. */
  | "unknown_json"
  /** The right shape, and no conversation with a message in it. */
  | "no_conversations";

/** Why a file gave no conversation. The message can be shown to a person: what was found, and what is right. */
export class ImportError extends Error {
  override readonly name = "ImportError";
  readonly code: ImportErrorCode;
  /** The same file gives the same answer. */
  readonly retryable = false;

  constructor(code: ImportErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
