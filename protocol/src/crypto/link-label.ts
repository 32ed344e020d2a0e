import { type Bytes, concat, fromUtf8, randomBytes, utf8 } from "../bytes.ts";
import { ProtocolError } from "../errors.ts";
import { label } from "../labels.ts";
import { type Frame, pad, SMALLEST, unpad } from "../padding.ts";
import { decrypt, encrypt, NONCE_LENGTH } from "../primitives.ts";
import { parseEnvelopeOfKind } from "../signed.ts";
import { encodeEnvelope, envelopeHeader, KIND } from "../wire/envelope.ts";
import { idBytes, type LinkId } from "../wire/ids.ts";
import { LIMITS } from "../wire/limits.ts";
import type { ChatKey } from "./chat-key.ts";
import { requireEpoch } from "./message.ts";

const FRAME: Frame = { overhead: 0, smallest: SMALLEST.message };

/** The part of a chat key that labels are under. */
type LabelKey = Pick<ChatKey, "chat" | "epoch" | "labelKey">;

/** What the owner calls a link ("for the design team"); only holders of the chat key can read it. */
export async function sealLinkLabel(options: { chatKey: LabelKey; link: LinkId; text: string }): Promise<Bytes> {
  const { chatKey, link, text } = options;
  const body = utf8(text);
  if (body.length > LIMITS.linkLabelText) throw new ProtocolError("too_large", "This label is too long.");
  const nonce = randomBytes(NONCE_LENGTH);
  const additionalData = labelPlace(chatKey, link);
  const ciphertext = await encrypt({ key: chatKey.labelKey, nonce, additionalData }, pad(body, FRAME));
  return encodeEnvelope({ kind: KIND.linkLabel, epoch: chatKey.epoch, wrappedReplyKey: null, nonce, ciphertext });
}

/** @throws ProtocolError `too_large`, as `parseEnvelope`, `wrong_epoch`, `wrong_key`, `bad_padding`, `malformed` */
export async function openLinkLabel(options: { chatKey: LabelKey; link: LinkId; sealed: Bytes }): Promise<string> {
  const { chatKey, link, sealed } = options;
  if (sealed.length > LIMITS.linkLabel) throw new ProtocolError("too_large", "This label is too long.");
  const envelope = parseEnvelopeOfKind(sealed, KIND.linkLabel);
  requireEpoch(envelope.epoch, chatKey);
  const additionalData = labelPlace(chatKey, link);
  const padded = await decrypt({ key: chatKey.labelKey, nonce: envelope.nonce, additionalData }, envelope.ciphertext);
  return fromUtf8(unpad(padded, FRAME));
}

function labelPlace({ chat, epoch }: LabelKey, link: LinkId): Bytes {
  return concat(label("linkLabel"), envelopeHeader({ kind: KIND.linkLabel, epoch }), idBytes(chat), idBytes(link));
}
