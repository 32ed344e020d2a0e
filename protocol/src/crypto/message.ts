import type { Bytes } from "../bytes.ts";
import { type Content, encodeContent, parseContent } from "../content/content.ts";
import { ProtocolError } from "../errors.ts";
import { type Identity, openSigned, parseEnvelopeOfKind, sealSigned } from "../signed.ts";
import { KIND, type WrittenKind } from "../wire/envelope.ts";
import type { MessageId, SenderId } from "../wire/ids.ts";
import type { ChatKey } from "./chat-key.ts";

export interface OpenedMessage {
  readonly content: Content;
  /** Ed25519 of the sender, verified. */
  readonly publicKey: Bytes;
}

/** What people read has kind `content`; what says something about the chat or another message is an amendment (SPEC C10). */
function kindOf(content: Content): WrittenKind {
  switch (content.type) {
    case "join":
    case "edit":
    case "redaction":
    case "reaction":
    case "withholding":
    case "offering":
      return KIND.amendment;
    case "message":
    case "unknown":
      return KIND.content;
  }
}

/** Seals one message of a person. */
export async function sealMessage(options: {
  chatKey: ChatKey;
  identity: Identity;
  message: MessageId;
  content: Content;
}): Promise<Bytes> {
  const { chatKey, identity, message, content } = options;
  const place = { chat: chatKey.chat, message, sender: identity.sender, kind: kindOf(content), epoch: chatKey.epoch };
  return sealSigned({ key: chatKey.envelopeKey, identity, place, json: encodeContent(content) });
}

/** @throws ProtocolError with every code of sections 5 and 6 of the SPEC. */
export async function openMessage(options: {
  chatKey: ChatKey;
  message: MessageId;
  sender: SenderId;
  envelope: Uint8Array;
}): Promise<OpenedMessage> {
  const { chatKey, message, sender } = options;
  const envelope = parseEnvelopeOfKind(options.envelope, KIND.content, KIND.amendment);
  requireEpoch(envelope.epoch, chatKey);
  const place = { chat: chatKey.chat, message, sender, kind: envelope.kind, epoch: chatKey.epoch };
  const { json, publicKey } = await openSigned({ key: chatKey.envelopeKey, envelope, place });
  const content = parseContent(json);
  // Joins of the first days are of kind 1.
  const { type } = content;
  if (type !== "join" && type !== "unknown" && envelope.kind !== kindOf(content)) {
    throw new ProtocolError("malformed", "This message is not of the kind that it says.");
  }
  return { content, publicKey };
}

/** @throws ProtocolError `wrong_epoch` */
export function requireEpoch(epoch: number, chatKey: Pick<ChatKey, "epoch">): void {
  if (epoch !== chatKey.epoch) {
    throw new ProtocolError("wrong_epoch", "This was written under another key of the chat.");
  }
}
