import type { LinkId, ProtocolErrorCode, WireErrorCode } from "@openmates-share/protocol/wire";

/** What a caller of the client has to tell apart; the sentence can be shown to a person as it is. */
export type ClientErrorCode =
  /** The link opens nothing without a password. (Or its key is damaged: the server cannot tell, and neither can we.) */
  | "locked"
  /** With a password that does not open it either. */
  | "unable_to_decrypt"
  /** The server cannot be reached, or the line broke. */
  | "unreachable"
  /** This device has no key for that chat. */
  | "no_key"
  /** The person may not do that here. */
  | "not_allowed"
  /** Taking access away would end links whose keys this device lacks: the owner decides. */
  | "keyless_links"
  /** Aborted by the caller. */
  | "aborted"
  | WireErrorCode
  | ProtocolErrorCode;

export class ClientError extends Error {
  override readonly name = "ClientError";
  readonly code: ClientErrorCode;
  readonly retryable: boolean;
  /** Seconds. */
  readonly retryAfter: number | null;

  constructor(
    code: ClientErrorCode,
    message: string,
    options: ErrorOptions & { retryable?: boolean; retryAfter?: number } = {},
  ) {
    super(message, options);
    this.code = code;
    this.retryable = options.retryable ?? false;
    this.retryAfter = options.retryAfter ?? null;
  }
}

/** Nothing has changed yet; the caller names the links as `alsoRevoke`, or leaves it. */
export class KeylessLinksError extends ClientError {
  readonly links: readonly LinkId[];

  constructor(links: readonly LinkId[]) {
    const count = links.length === 1 ? "One link was" : `${links.length} links were`;
    super("keyless_links", `${count} made on another device, and would stop working too.`);
    this.links = links;
  }
}

/** The sentence of the original design for a link or password that does not fit. */
export const UNABLE_TO_DECRYPT = "Unable to decrypt. Please verify the link and password (if required).";

export function unreachable(cause?: unknown): ClientError {
  return new ClientError("unreachable", "The server can't be reached. Please check the connection and try again.", {
    cause,
    retryable: true,
  });
}
