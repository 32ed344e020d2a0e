import * as v from "valibot";
import { type Bytes, equalBytes, toBase64url, utf8 } from "../bytes.ts";
import { parseJson } from "../content/json.ts";
import { positionSchema } from "../content/position.ts";
import { ProtocolError } from "../errors.ts";
import { type Identity, openSigned, parseEnvelopeOfKind, sealSigned, senderIdOf } from "../signed.ts";
import { KIND } from "../wire/envelope.ts";
import { ID_LENGTH, idFromBytes, type MessageId } from "../wire/ids.ts";
import { LIMITS } from "../wire/limits.ts";
import type { Position } from "../wire/transcript.ts";
import type { ChatKey } from "./chat-key.ts";
import { requireEpoch } from "./message.ts";

/** The owner's word on where the shared part ends (SPEC section 8). */
export interface Seal extends Position {
  readonly title: string;
  /** Milliseconds since 1970. */
  readonly time: number;
}

const sealSchema = v.pipe(
  v.looseObject({
    type: v.literal("seal"),
    at: positionSchema,
    title: v.pipe(v.string(), v.maxLength(LIMITS.title)),
    time: v.pipe(v.number(), v.safeInteger()),
  }),
  v.transform(({ at, title, time }): Seal => ({ ...at, title, time })),
);

/** A seal is no message of the transcript; its place has the message id of 16 zero bytes. */
const NO_MESSAGE = idFromBytes<MessageId>(new Uint8Array(ID_LENGTH));

export async function sealTranscript(options: { chatKey: ChatKey; owner: Identity; seal: Seal }): Promise<Bytes> {
  const { chatKey, owner, seal } = options;
  const at = { seq: seal.seq, head: toBase64url(seal.head) };
  const json = utf8(JSON.stringify({ type: "seal", at, title: seal.title, time: seal.time }));
  const place = {
    chat: chatKey.chat,
    message: NO_MESSAGE,
    sender: owner.sender,
    kind: KIND.seal,
    epoch: chatKey.epoch,
  };
  return sealSigned({ key: chatKey.envelopeKey, identity: owner, place, json });
}

/** @throws ProtocolError when it is not the owner's seal of this chat, with the codes of sections 5 and 6. */
export async function openSeal(options: {
  chatKey: ChatKey;
  /** Ed25519 of the owner, from the wrapped key. */
  owner: Bytes;
  sealed: Uint8Array;
}): Promise<Seal> {
  const { chatKey, owner, sealed } = options;
  const envelope = parseEnvelopeOfKind(sealed, KIND.seal);
  requireEpoch(envelope.epoch, chatKey);
  const place = {
    chat: chatKey.chat,
    message: NO_MESSAGE,
    sender: await senderIdOf(owner),
    kind: KIND.seal,
    epoch: chatKey.epoch,
  };
  const { json } = await openSigned({ key: chatKey.envelopeKey, envelope, place });
  return parseJson(sealSchema, json);
}

/** @throws ProtocolError `seal_mismatch` unless the transcript ends exactly where the seal says. */
export function checkSeal(seal: Position, end: Position): void {
  if (seal.seq !== end.seq || !equalBytes(seal.head, end.head)) {
    throw new ProtocolError("seal_mismatch", "The shared part does not end as its owner sealed it.");
  }
}

/** @throws ProtocolError `rollback` when the server now shows less than this device has verified before. */
export function checkNoRollback(remembered: Position, seal: Position): void {
  if (seal.seq < remembered.seq) {
    throw new ProtocolError("rollback", "The server shows an older state than this device has seen before.");
  }
}
