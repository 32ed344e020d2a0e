/**
 * Everything that can be wrong with protocol data. The codes are part of the protocol (SPEC section 12): vectors name
 * them and programs compare them; the sentences may change.
 */
export type ProtocolErrorCode =
  | "malformed" // not of the described shape: length, alphabet, JSON, field
  | "unsupported_version" // made by a newer or unknown version
  | "unsupported_kind" // an envelope kind that does not belong here
  | "wrong_key" // authentication failed: wrong key or password, or altered bytes, or another place
  | "bad_padding" // padding that the sender's rules do not produce
  | "bad_signature" // the signature does not verify
  | "wrong_sender" // the signer is not whom the envelope names
  | "wrong_epoch" // no key for that epoch
  | "head_mismatch" // the transcript is not the one somebody else verified
  | "seal_mismatch" // the transcript does not end as the owner sealed it
  | "rollback" // the server shows less than it has shown before
  | "too_large"; // over a limit of section 11

export class ProtocolError extends Error {
  override readonly name = "ProtocolError";
  readonly code: ProtocolErrorCode;
  /** Never: the same bytes fail again (R3). */
  readonly retryable = false;

  constructor(code: ProtocolErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
