import { type Bytes, concat, fromUtf8, randomBytes, utf8 } from "../bytes.ts";
import { ProtocolError } from "../errors.ts";
import { label } from "../labels.ts";
import { pad, unpad } from "../padding.ts";
import { decrypt, encrypt, NONCE_LENGTH } from "../primitives.ts";
import { parseEnvelopeOfKind } from "../signed.ts";
import { encodeEnvelope, KIND } from "../wire/envelope.ts";
import { idBytes, type LinkId } from "../wire/ids.ts";
import { LIMITS } from "../wire/limits.ts";
import type { ChatKey } from "./chat-key.ts";

/** What the owner calls a link ("for the design team"); only holders of the chat key can read it. */
export async function sealLinkLabel(options: { chatKey: ChatKey; link: LinkId; text: string }): Promise<Bytes> {
  const { chatKey, link, text } = options;
  const nonce = randomBytes(NONCE_LENGTH);
  const body = utf8(text);
  if (body.length > LIMITS.linkLabel / 2) throw new ProtocolError("too_large", "This label is too long.");
  const additionalData = concat(label("linkLabel"), idBytes(chatKey.chat), idBytes(link));
  const ciphertext = await encrypt({ key: chatKey.labelKey, nonce, additionalData }, pad(body, 0));
  return encodeEnvelope({ kind: KIND.linkLabel, epoch: chatKey.epoch, wrappedReplyKey: null, nonce, ciphertext });
}

/** @throws ProtocolError `wrong_key`, `malformed`, `bad_padding` */
export async function openLinkLabel(options: { chatKey: ChatKey; link: LinkId; sealed: Bytes }): Promise<string> {
  const { chatKey, link, sealed } = options;
  const envelope = parseEnvelopeOfKind(sealed, KIND.linkLabel);
  const additionalData = concat(label("linkLabel"), idBytes(chatKey.chat), idBytes(link));
  const padded = await decrypt({ key: chatKey.labelKey, nonce: envelope.nonce, additionalData }, envelope.ciphertext);
  return fromUtf8(unpad(padded, 0));
}
