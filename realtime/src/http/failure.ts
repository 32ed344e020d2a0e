import {
  CHAT_NOT_FOUND,
  EMBED_NOT_FOUND,
  WIRE_ERRORS,
  type WireError,
  type WireErrorCode,
} from "@openmates-share/protocol/wire";

/** A refusal on its way to a client, over HTTP or on the socket. The message is a sentence and never quotes content. */
export class WireFailure extends Error {
  override readonly name = "WireFailure";
  readonly code: WireErrorCode;
  readonly retryable: boolean;
  /** Seconds to wait, or null. */
  readonly retryAfter: number | null;

  constructor(code: WireErrorCode, message: string, options: ErrorOptions & { retryAfter?: number } = {}) {
    super(message, options);
    this.code = code;
    this.retryable = WIRE_ERRORS[code].retryable;
    this.retryAfter = options.retryAfter ?? null;
  }

  get status(): number {
    return WIRE_ERRORS[this.code].status;
  }

  toWire(): WireError {
    const { code, message, retryAfter } = this;
    return retryAfter === null ? { code, message } : { code, message, retryAfter };
  }
}

/** The one answer for a chat that is missing, private, expired, revoked, or asked for with the wrong token (R6). */
export function chatNotFound(): WireFailure {
  return new WireFailure("not_found", CHAT_NOT_FOUND);
}

/** The same for an embed. */
export function embedNotFound(): WireFailure {
  return new WireFailure("not_found", EMBED_NOT_FOUND);
}

/** For whoever holds a good link that counts its readers, and was not counted. */
export function viewRequired(): WireFailure {
  return new WireFailure("view_required", "This link counts who opens it. Say that it is opened, then ask again.");
}

/** For what was made under a key that is not the chat's newest any more. */
export function staleEpoch(): WireFailure {
  return new WireFailure("stale_epoch", "The chat has a newer key, since access was taken away from somebody.");
}

/** For members of a chat that its owner has closed. */
export function chatClosed(): WireFailure {
  return new WireFailure("chat_closed", "The owner has closed this chat to writing. You can still read it.");
}

/** What a client gets for anything thrown: failures as they are, everything else as `internal`, without its text. */
export function asWireFailure(error: unknown): WireFailure {
  if (error instanceof WireFailure) return error;
  return new WireFailure("internal", "Something went wrong on the server. Please try again.", { cause: error });
}
