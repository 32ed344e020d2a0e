import { type Bytes, concat, randomBytes, u32be } from "../bytes.ts";
import type { ChatKey } from "../crypto/chat-key.ts";
import { ProtocolError } from "../errors.ts";
import { label } from "../labels.ts";
import { decrypt, encrypt, KEY_LENGTH, NONCE_LENGTH } from "../primitives.ts";
import { WRAPPED_REPLY_KEY_LENGTH } from "../wire/envelope.ts";
import { type AskId, idBytes } from "../wire/ids.ts";

export function createReplyKey(): Bytes {
  return randomBytes(KEY_LENGTH);
}

/** `nonce ‖ AES-256-GCM(reply wrap key, reply key)` (SPEC section 9). */
export async function wrapReplyKey(options: { chatKey: ChatKey; ask: AskId; replyKey: Bytes }): Promise<Bytes> {
  const { chatKey, ask, replyKey } = options;
  if (replyKey.length !== KEY_LENGTH) throw new ProtocolError("malformed", "A reply key has 32 bytes.");
  const nonce = randomBytes(NONCE_LENGTH);
  const additionalData = replyKeyBytes(chatKey, ask);
  return concat(nonce, await encrypt({ key: chatKey.replyWrapKey, nonce, additionalData }, replyKey));
}

/** @throws ProtocolError `wrong_key`, `malformed` */
export async function unwrapReplyKey(options: { chatKey: ChatKey; ask: AskId; wrapped: Bytes }): Promise<Bytes> {
  const { chatKey, ask, wrapped } = options;
  if (wrapped.length !== WRAPPED_REPLY_KEY_LENGTH) {
    throw new ProtocolError("malformed", "This is not a wrapped reply key.");
  }
  const additionalData = replyKeyBytes(chatKey, ask);
  const nonce = wrapped.slice(0, NONCE_LENGTH);
  return decrypt({ key: chatKey.replyWrapKey, nonce, additionalData }, wrapped.subarray(NONCE_LENGTH));
}

function replyKeyBytes(chatKey: ChatKey, ask: AskId): Bytes {
  return concat(label("replyKey"), idBytes(chatKey.chat), idBytes(ask), u32be(chatKey.epoch));
}
