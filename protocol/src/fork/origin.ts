import * as v from "valibot";
import { type Bytes, equalBytes, fromBase64url, toBase64url } from "../bytes.ts";
import { encodeJson, parseValue } from "../content/json.ts";
import { positionSchema, timeSchema } from "../content/position.ts";
import type { ChatKey } from "../crypto/chat-key.ts";
import { NO_MESSAGE, parseSeal, type Seal } from "../crypto/seal.ts";
import { ProtocolError } from "../errors.ts";
import { type Identity, sealSigned } from "../signed.ts";
import { KIND } from "../wire/envelope.ts";
import { SPINE_ENTRY_LENGTH } from "../wire/http.ts";
import { type ChatId, isId, type MessageId, type SenderId } from "../wire/ids.ts";
import { LIMITS } from "../wire/limits.ts";
import type { Position } from "../wire/transcript.ts";
import { type Proof, proofJson, proofSchema, verifyProof } from "./proof.ts";

export const ORIGIN = "origin";
export const LINEAGE = "lineage";

/** A chat that messages of a fork were copied from. */
export interface Ancestor {
  readonly chat: ChatId;
  /** Messages of it whose ids and digests the fork names, from number 1 on. */
  readonly length: number;
  /** Its owner's seal. */
  readonly seal: Proof;
}

/** Messages that stand in the fork one behind the other, as in their chat: from and to are numbers there, inclusive. */
export interface Run {
  /** Which of the ancestors, from 0. */
  readonly chat: number;
  readonly from: number;
  readonly to: number;
}

/** What a fork says of where it came from (SPEC O3). */
export interface Origin {
  /** The last one is the chat that was read, the others are what that came from. */
  readonly chats: readonly Ancestor[];
  readonly runs: readonly Run[];
  /** The number that the first copied message has in the fork. */
  readonly first: number;
  /** As far as the last ancestor was taken over: the branch point. */
  readonly through: number;
}

/** A part of an ancestor's spine (SPEC O4). */
export interface Lineage {
  readonly chat: number;
  /** The number of the first entry. */
  readonly from: number;
  /** Packed, as in T6. */
  readonly entries: Bytes;
}

const seq = v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(LIMITS.seq));
const ancestorIndex = v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(LIMITS.ancestors - 1));
const originEntries = {
  chats: v.pipe(
    v.array(v.object({ chat: v.custom<ChatId>(isId), length: seq, seal: proofSchema })),
    v.minLength(1),
    v.maxLength(LIMITS.ancestors),
  ),
  runs: v.pipe(
    v.array(
      v.pipe(
        v.tuple([ancestorIndex, seq, seq]),
        v.check(([, from, to]) => from <= to, "a run goes forward"),
        v.transform(([chat, from, to]): Run => ({ chat, from, to })),
      ),
    ),
    v.minLength(1),
  ),
  first: seq,
  through: seq,
};
const originSchema = v.object(originEntries) satisfies v.GenericSchema<unknown, Origin>;

const lineageEntries = {
  chat: ancestorIndex,
  from: seq,
  entries: v.pipe(
    v.string(),
    v.rawTransform(({ dataset, addIssue, NEVER }): Bytes => {
      const bytes = fromBase64url(dataset.value);
      const count = (bytes?.length ?? 0) / SPINE_ENTRY_LENGTH;
      if (bytes && Number.isInteger(count) && count > 0 && count <= LIMITS.lineageEntries) return bytes;
      addIssue({ message: "whole entries of a spine" });
      return NEVER;
    }),
  ),
};
const lineageSchema = v.object(lineageEntries) satisfies v.GenericSchema<unknown, Lineage>;

const written = { time: timeSchema, after: positionSchema };
const wholeOrigin = v.object({ type: v.literal(ORIGIN), ...originEntries, ...written });
const wholeLineage = v.object({ type: v.literal(LINEAGE), ...lineageEntries, ...written });

/** What is sealed into a fork, where and by whom. */
interface Sealing {
  readonly chatKey: ChatKey;
  readonly identity: Identity;
  readonly message: MessageId;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly after: Position;
}

/** @throws ProtocolError `malformed`, `too_large` when too much was left out here and there */
export function sealOrigin(origin: Origin, sealing: Sealing): Promise<Bytes> {
  const chats = origin.chats.map(({ seal, ...ancestor }) => ({ ...ancestor, seal: proofJson(seal) }));
  const runs = origin.runs.map(({ chat, from, to }) => [chat, from, to]);
  const { first, through } = origin;
  return sealAmendment(wholeOrigin, { type: ORIGIN, chats, runs, first, through }, sealing);
}

/** @throws ProtocolError `malformed` */
export function sealLineage({ chat, from, entries }: Lineage, sealing: Sealing): Promise<Bytes> {
  return sealAmendment(wholeLineage, { type: LINEAGE, chat, from, entries: toBase64url(entries) }, sealing);
}

function sealAmendment(schema: v.GenericSchema, content: object, sealing: Sealing): Promise<Bytes> {
  const { chatKey, identity, message, time, after } = sealing;
  const position = { seq: after.seq, head: toBase64url(after.head) };
  const json = encodeJson(schema, { ...content, time, after: position });
  const { chat, epoch } = chatKey;
  const place = { chat, message, sender: identity.sender, kind: KIND.amendment, epoch };
  return sealSigned({ key: chatKey.envelopeKey, identity, place, json });
}

/** From the JSON of the content, or its fields but `type`, `time` and `after`. @throws ProtocolError `malformed` */
export function parseOrigin(fields: unknown): Origin {
  return parseValue(originSchema, fields);
}

/** @throws ProtocolError `malformed` */
export function parseLineage(fields: unknown): Lineage {
  return parseValue(lineageSchema, fields);
}

export interface ProvenSeal extends Seal {
  readonly owner: SenderId;
  /** Ed25519. */
  readonly publicKey: Bytes;
}

/** What the owner of an ancestor sealed there. @throws ProtocolError `bad_signature`, `malformed`, `unsupported_kind` */
export async function openAncestor({ chat, seal }: Ancestor): Promise<ProvenSeal> {
  if (seal.kind !== KIND.seal) throw new ProtocolError("unsupported_kind", "This is not a seal.");
  const owner = await verifyProof(seal, { chat, message: NO_MESSAGE });
  return { ...parseSeal(seal.json), owner, publicKey: seal.publicKey };
}

/** @throws ProtocolError `seal_mismatch` when the spine that the fork names does not lead to what was sealed */
export function checkAncestor(seal: Position, spine: { readonly length: number; headAt(seq: number): Bytes }): void {
  if (seal.seq <= spine.length && equalBytes(spine.headAt(seal.seq), seal.head)) return;
  throw new ProtocolError("seal_mismatch", "This fork names another history of its source than what was sealed there.");
}
