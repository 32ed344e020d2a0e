import * as v from "valibot";
import { type Bytes, equalBytes, toBase64url } from "../bytes.ts";
import { encodeJson, parseJson } from "../content/json.ts";
import { positionSchema, timeSchema } from "../content/position.ts";
import { ProtocolError } from "../errors.ts";
import { type Identity, openSigned, type Place, parseEnvelopeOfKind, sealSigned, senderIdOf } from "../signed.ts";
import { KIND } from "../wire/envelope.ts";
import { ID_LENGTH, idFromBytes, type MessageId, type SenderId } from "../wire/ids.ts";
import { LIMITS } from "../wire/limits.ts";
import { checkSamePosition, type Position } from "../wire/transcript.ts";
import type { ChatKey } from "./chat-key.ts";
import { requireEpoch } from "./message.ts";

/** The owner's word on where the shared part ends (SPEC section 8). */
export interface Seal extends Position {
  readonly title: string;
  /** Milliseconds since 1970. */
  readonly time: number;
}

const sealSchema = v.pipe(
  v.object({
    type: v.literal("seal"),
    at: positionSchema,
    title: v.pipe(v.string(), v.maxLength(LIMITS.title)),
    time: timeSchema,
  }),
  v.transform(({ at, title, time }): Seal => ({ ...at, title, time })),
);

/** A seal is no message of the transcript; its place has the message id of 16 zero bytes. */
export const NO_MESSAGE = idFromBytes<MessageId>(new Uint8Array(ID_LENGTH));

export function placeOfSeal({ chat, epoch }: ChatKey, sender: SenderId): Place {
  return { chat, message: NO_MESSAGE, sender, kind: KIND.seal, epoch };
}

/** @throws ProtocolError `malformed` for a title or time that readers would refuse. */
export async function sealTranscript(options: { chatKey: ChatKey; owner: Identity; seal: Seal }): Promise<Bytes> {
  const { chatKey, owner, seal } = options;
  const at = { seq: seal.seq, head: toBase64url(seal.head) };
  const json = encodeJson(sealSchema, { type: "seal", at, title: seal.title, time: seal.time });
  const place = placeOfSeal(chatKey, owner.sender);
  return sealSigned({ key: chatKey.envelopeKey, identity: owner, place, json });
}

/** @throws ProtocolError `too_large`, and with the codes of sections 5 and 6 when it is not the owner's seal of this chat. */
export async function openSeal(options: {
  chatKey: ChatKey;
  /** Ed25519 of the owner, from the wrapped key. */
  owner: Bytes;
  sealed: Uint8Array;
}): Promise<Seal> {
  const { chatKey, owner, sealed } = options;
  if (sealed.length > LIMITS.seal) throw new ProtocolError("too_large", "This seal is too long.");
  const envelope = parseEnvelopeOfKind(sealed, KIND.seal);
  requireEpoch(envelope.epoch, chatKey);
  const place = placeOfSeal(chatKey, await senderIdOf(owner));
  const { json, publicKey } = await openSigned({ key: chatKey.envelopeKey, envelope, place });
  // The place holds half a hash of the owner's key; here the whole key is known.
  if (!equalBytes(publicKey, owner)) {
    throw new ProtocolError("wrong_sender", "This seal is signed by somebody else than the owner.");
  }
  return parseSeal(json);
}

/** What a seal says, once its signature is verified. @throws ProtocolError `malformed` */
export function parseSeal(json: Bytes): Seal {
  return parseJson(sealSchema, json);
}

/** @throws ProtocolError `seal_mismatch` unless the transcript ends exactly where the seal says. */
export function checkSeal(seal: Position, end: Position): void {
  if (seal.seq !== end.seq || !equalBytes(seal.head, end.head)) {
    throw new ProtocolError("seal_mismatch", "The shared part does not end as its owner sealed it.");
  }
}

/**
 * Compares the seal that the server shows with the last one this device has verified (SPEC S5).
 *
 * @throws ProtocolError `rollback` when it is an earlier one, `head_mismatch` when it seals another history.
 */
export function checkNoRollback(remembered: Position, seal: Position): void {
  if (seal.seq < remembered.seq) {
    throw new ProtocolError("rollback", "The server shows an older state than this device has seen before.");
  }
  checkSamePosition(remembered, seal);
}
