import { type Bytes, concat, equalBytes, ownBytes, readU32be, u32be } from "../bytes.ts";
import { ProtocolError } from "../errors.ts";
import { label } from "../labels.ts";
import { KEY_LENGTH, SIGNATURE_LENGTH, sign, verify } from "../primitives.ts";
import { type Identity, senderIdOf } from "../signed.ts";
import { type ChatId, ID_LENGTH, idBytes, type SenderId } from "../wire/ids.ts";
import { LIMITS } from "../wire/limits.ts";
import { OFFER_LENGTH, SUCCESSION_LENGTH } from "../wire/succession.ts";
import { HEAD_LENGTH, type Position } from "../wire/transcript.ts";

const VERSION = 1;
const TIME_LENGTH = 8;
const WHEN_LENGTH = 4 + HEAD_LENGTH + TIME_LENGTH;

/** An owner's word that somebody may have the chat (SPEC H5). */
export interface Offer {
  readonly chat: ChatId;
  /** Ed25519 of who offers and of who may accept. */
  readonly from: Bytes;
  readonly to: Bytes;
  /** The end that the owner had verified. */
  readonly at: Position;
  /** Milliseconds since 1970. */
  readonly time: number;
}

/** An offer, accepted: from there on the chat is another's (SPEC H6). */
export interface Succession extends Offer {
  readonly accepted: { readonly at: Position; readonly time: number };
}

/** Whose the chat is from a number on. */
export interface Ownership {
  /** Ed25519. */
  readonly key: Bytes;
  readonly sender: SenderId;
  /** The end that was verified when it began; null for who made the chat. */
  readonly since: Position | null;
}

export async function makeOffer(options: Omit<Offer, "from"> & { owner: Identity }): Promise<Bytes> {
  const { chat, owner, to, at, time } = options;
  const said = concat(Uint8Array.of(VERSION), idBytes(chat), owner.publicKey, to, whenBytes(at, time));
  return concat(said, await sign(owner.privateKey, concat(label("offer"), said)));
}

/** @throws ProtocolError `malformed`, `unsupported_version`, `bad_signature`, `wrong_key` for another chat's */
export async function readOffer(chat: ChatId, bytes: Uint8Array): Promise<Offer> {
  const offer = parseOffer(bytes);
  if (!equalBytes(bytes.subarray(1, 1 + ID_LENGTH), idBytes(chat))) {
    throw new ProtocolError("wrong_key", "This is about another chat.");
  }
  const signedLength = OFFER_LENGTH - SIGNATURE_LENGTH;
  await requireSigned({
    publicKey: offer.from,
    signature: ownBytes(bytes.slice(signedLength, OFFER_LENGTH)),
    data: concat(label("offer"), bytes.subarray(0, signedLength)),
  });
  return { chat, ...offer };
}

/** @throws ProtocolError as `readOffer`, `wrong_sender` for an offer to somebody else */
export async function acceptOffer(options: {
  chat: ChatId;
  offer: Uint8Array;
  heir: Identity;
  at: Position;
  time: number;
}): Promise<Bytes> {
  const { chat, offer, heir, at, time } = options;
  const { to } = await readOffer(chat, offer);
  if (!equalBytes(to, heir.publicKey)) throw new ProtocolError("wrong_sender", "This is offered to somebody else.");
  const said = concat(offer, whenBytes(at, time));
  return concat(said, await sign(heir.privateKey, concat(label("succession"), said)));
}

/** @throws ProtocolError as `readOffer` */
export async function readSuccession(chat: ChatId, bytes: Uint8Array): Promise<Succession> {
  if (bytes.length !== SUCCESSION_LENGTH) throw malformed();
  const offer = await readOffer(chat, bytes.subarray(0, OFFER_LENGTH));
  const signedLength = SUCCESSION_LENGTH - SIGNATURE_LENGTH;
  await requireSigned({
    publicKey: offer.to,
    signature: ownBytes(bytes.slice(signedLength)),
    data: concat(label("succession"), bytes.subarray(0, signedLength)),
  });
  return { ...offer, accepted: parseWhen(bytes.subarray(OFFER_LENGTH)) };
}

/**
 * Whose the chat has been, the founder first (SPEC H7).
 * @throws ProtocolError as `readOffer`; `wrong_sender` for a succession from somebody whose the chat was not then;
 * `rollback` for one that goes back in the transcript
 */
export async function followSuccessions(options: {
  chat: ChatId;
  /** Ed25519 from the wrapped key. */
  founder: Bytes;
  /** One behind the other. */
  successions: Uint8Array;
}): Promise<readonly Ownership[]> {
  const { chat, founder, successions } = options;
  if (successions.length % SUCCESSION_LENGTH !== 0) throw malformed();
  const owners: Ownership[] = [{ key: founder, sender: await senderIdOf(founder), since: null }];
  for (let at = 0; at < successions.length; at += SUCCESSION_LENGTH) {
    const {
      from,
      to,
      at: offered,
      accepted,
    } = await readSuccession(chat, successions.subarray(at, at + SUCCESSION_LENGTH));
    const before = owners.at(-1);
    if (!before || !equalBytes(from, before.key)) {
      throw new ProtocolError("wrong_sender", "Somebody gave this chat away whose it is not.");
    }
    if (offered.seq < (before.since?.seq ?? 0) || accepted.at.seq < offered.seq) {
      throw new ProtocolError("rollback", "This chat was given away before it was received.");
    }
    owners.push({ key: to, sender: await senderIdOf(to), since: accepted.at });
  }
  return owners;
}

function parseOffer(bytes: Uint8Array): Omit<Offer, "chat"> {
  if (bytes.length === 0) throw malformed();
  if (bytes[0] !== VERSION) throw new ProtocolError("unsupported_version", "This was made by a newer version.");
  if (bytes.length !== OFFER_LENGTH) throw malformed();
  const keys = 1 + ID_LENGTH;
  const [from, to] = [bytes.slice(keys, keys + KEY_LENGTH), bytes.slice(keys + KEY_LENGTH, keys + 2 * KEY_LENGTH)];
  if (equalBytes(from, to)) throw malformed();
  return { from: ownBytes(from), to: ownBytes(to), ...parseWhen(bytes.subarray(keys + 2 * KEY_LENGTH)) };
}

function whenBytes({ seq, head }: Position, time: number): Bytes {
  if (head.length !== HEAD_LENGTH || seq > LIMITS.seq || !Number.isInteger(time) || time < 0 || time > LIMITS.time) {
    throw malformed();
  }
  return concat(u32be(seq), head, u32be(Math.floor(time / 2 ** 32)), u32be(time % 2 ** 32));
}

function parseWhen(bytes: Uint8Array): { at: Position; time: number } {
  const at = { seq: readU32be(bytes, 0), head: ownBytes(bytes.slice(4, 4 + HEAD_LENGTH)) };
  const time = readU32be(bytes, WHEN_LENGTH - TIME_LENGTH) * 2 ** 32 + readU32be(bytes, WHEN_LENGTH - 4);
  if (at.seq > LIMITS.seq || time > LIMITS.time) throw malformed();
  return { at, time };
}

async function requireSigned(options: { publicKey: Bytes; signature: Bytes; data: Bytes }): Promise<void> {
  if (await verify(options)) return;
  throw new ProtocolError("bad_signature", "The signature under giving this chat away is not valid.");
}

function malformed(): ProtocolError {
  return new ProtocolError("malformed", "This is no word on whose a chat is.");
}
