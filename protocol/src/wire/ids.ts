import { type Bytes, fromBase64url, randomBytes, toBase64url } from "../bytes.ts";
import { ProtocolError } from "../errors.ts";

/** Ids are 16 bytes; as text they are base64url, 22 characters, with one spelling each (SPEC section 2). */
export const ID_LENGTH = 16;

/** Text that names one sort of thing; the second half exists for the compiler alone. */
type Id<Name extends string> = string & { readonly idOf: Name };

/** Names a chat; it stands in preview URLs and logs and therefore opens nothing. */
export type ChatId = Id<"chat">;
/** Chosen by the writer's client, so that sending again is recognised. A reply's message id is its ask id. */
export type MessageId = Id<"message">;
/** Derived from a link key; finds the link on the server. */
export type LinkId = Id<"link">;
/** Derived from an Ed25519 public key: whoever signs as it holds that key. */
export type SenderId = Id<"sender">;
/** One request to the mate; the reply is stored under the same bytes as its message id. */
export type AskId = Id<"ask">;
/** One attempt at answering an ask, drawn by the server. */
export type StreamId = Id<"stream">;
/** A session in the list of somebody's devices; opens nothing. */
export type SessionId = Id<"session">;
/** A shared file, code block or result. */
export type EmbedId = Id<"embed">;

export type AnyId = ChatId | MessageId | LinkId | SenderId | AskId | StreamId | EmbedId | SessionId;

export function isId(value: unknown): value is AnyId {
  return typeof value === "string" && value.length === 22 && fromBase64url(value)?.length === ID_LENGTH;
}

/** @throws ProtocolError `malformed` */
export function parseId<T extends AnyId>(value: unknown): T {
  if (!isId(value)) throw new ProtocolError("malformed", "This is not an id: 22 characters of base64url are expected.");
  return value as T; // The brand is a claim of the caller's about which id it is; only the shape can be checked.
}

/** @throws ProtocolError `malformed` unless there are 16 bytes. */
export function idFromBytes<T extends AnyId>(bytes: Uint8Array): T {
  if (bytes.length !== ID_LENGTH) throw new ProtocolError("malformed", "An id is 16 bytes long.");
  return toBase64url(bytes) as T;
}

/** @throws ProtocolError `malformed` for text that is no id, which a branded id never is. */
export function idBytes(id: AnyId): Bytes {
  const bytes = fromBase64url(id);
  if (bytes?.length !== ID_LENGTH) throw new ProtocolError("malformed", "An id is 16 bytes long.");
  return bytes;
}

export function newId<T extends AnyId>(): T {
  return toBase64url(randomBytes(ID_LENGTH)) as T;
}

/** The reply to an ask is the message of the same id: the database's key makes a second answer impossible. */
export function replyIdOf(ask: AskId): MessageId {
  return ask as string as MessageId;
}
