/** The stable codes of every refusal, over HTTP and on the socket. Programs compare these, never the sentences. */
export const WIRE_ERRORS = {
  bad_request: { status: 400, retryable: false },
  unauthorized: { status: 401, retryable: false },
  forbidden: { status: 403, retryable: false },
  /** Missing, private, expired, revoked and wrong token: one answer (R6). */
  not_found: { status: 404, retryable: false },
  /** Another message, link or chat has this id already, with other bytes. */
  conflict: { status: 409, retryable: false },
  /** Access was taken away from somebody since: there is a newer key, which this has to come under. */
  stale_epoch: { status: 409, retryable: false },
  /** The owner has closed the chat to writing. */
  chat_closed: { status: 403, retryable: false },
  /** The link counts who opens it: say that it is opened (`POST …/views`), then ask again. */
  view_required: { status: 428, retryable: false },
  too_large: { status: 413, retryable: false },
  rate_limited: { status: 429, retryable: true },
  /** The mate is answering as many asks as it may; try again when one is done. */
  mate_busy: { status: 429, retryable: true },
  /** The day's questions to the mate are used up; `retryAfter` tells when the next day begins. No program should wait for that. */
  quota_used: { status: 429, retryable: false },
  /** The ask is running or answered; the answer is or will be in the chat. */
  already_answered: { status: 409, retryable: false },
  /** A code that is wrong, expired, used, or somebody else's: one answer. */
  wrong_code: { status: 403, retryable: false },
  /** The mail server does not take the mail. */
  mail_failed: { status: 502, retryable: false },
  /** This server does not offer that way to sign in. */
  not_offered: { status: 501, retryable: false },
  internal: { status: 500, retryable: true },
  /** Starting, stopping, or without its database. */
  unavailable: { status: 503, retryable: true },
} as const;

export type WireErrorCode = keyof typeof WIRE_ERRORS;

/** The body of every refusal. */
export interface WireError {
  readonly code: WireErrorCode;
  /** A sentence for a person. */
  readonly message: string;
  /** Seconds to wait, with `rate_limited`, `mate_busy` and `quota_used`. */
  readonly retryAfter?: number;
}

/** The one answer for chats that are not there or not for you (R6). */
export const CHAT_NOT_FOUND = "Chat can't be found. Either it doesn't exist or you don't have access to it.";
/** The same for embeds. */
export const EMBED_NOT_FOUND = "Embed can't be found. Either it doesn't exist or you don't have access to it.";
