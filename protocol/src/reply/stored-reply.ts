import type { Bytes } from "../bytes.ts";
import { encodeReplyContent, parseReplyContent, type ReplyContent } from "../content/reply-content.ts";
import { ProtocolError } from "../errors.ts";
import { label } from "../labels.ts";
import { hkdf, importAesKey, KEY_LENGTH } from "../primitives.ts";
import { type Identity, openSigned, parseEnvelopeOfKind, sealSigned } from "../signed.ts";
import { type Envelope, KIND, parseEnvelope } from "../wire/envelope.ts";
import { type AskId, type ChatId, idBytes, replyIdOf, type SenderId } from "../wire/ids.ts";

/** Seals the finished answer under its reply key, signed by the service, with the wrapped key beside it. */
export async function sealReply(options: {
  chat: ChatId;
  ask: AskId;
  epoch: number;
  replyKey: Bytes;
  wrappedReplyKey: Bytes;
  service: Identity;
  reply: ReplyContent;
}): Promise<Bytes> {
  const { chat, ask, epoch, replyKey, wrappedReplyKey, service, reply } = options;
  const place = { chat, message: replyIdOf(ask), sender: service.sender, kind: KIND.reply, epoch };
  const key = await replyEnvelopeKey(replyKey, ask);
  return sealSigned({ key, identity: service, place, json: encodeReplyContent(reply), wrappedReplyKey });
}

/** @throws ProtocolError with the codes of sections 5 and 9. */
export async function openReply(options: {
  chat: ChatId;
  ask: AskId;
  sender: SenderId;
  replyKey: Bytes;
  envelope: Uint8Array;
}): Promise<{ reply: ReplyContent; publicKey: Bytes }> {
  const { chat, ask, sender, replyKey } = options;
  const envelope = parseEnvelopeOfKind(options.envelope, KIND.reply);
  const place = { chat, message: replyIdOf(ask), sender, kind: KIND.reply, epoch: envelope.epoch };
  const { json, publicKey } = await openSigned({ key: await replyEnvelopeKey(replyKey, ask), envelope, place });
  return { reply: parseReplyContent(json), publicKey };
}

/** @throws ProtocolError `unsupported_kind` for anything but a reply; and as `parseEnvelope`. */
export function replyEnvelope(bytes: Uint8Array): Envelope & { readonly wrappedReplyKey: Bytes } {
  const envelope = parseEnvelope(bytes);
  const { wrappedReplyKey } = envelope;
  if (!wrappedReplyKey) throw new ProtocolError("unsupported_kind", "This is not a stored reply.");
  return { ...envelope, wrappedReplyKey };
}

/** What a stored answer is sealed under (SPEC A5). */
export async function replyEnvelopeKey(replyKey: Bytes, ask: AskId): Promise<CryptoKey> {
  return importAesKey(
    await hkdf({ key: replyKey, salt: idBytes(ask), info: label("replyEnvelopeKey"), length: KEY_LENGTH }),
  );
}
