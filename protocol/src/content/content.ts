import * as v from "valibot";
import { type Bytes, toBase64url } from "../bytes.ts";
import { type AskId, isId, type MessageId, type SenderId } from "../wire/ids.ts";
import { LIMITS } from "../wire/limits.ts";
import type { Position } from "../wire/transcript.ts";
import { isEmoji } from "./emoji.ts";
import { givenJson, type OwnAnswer, ownAnswerSchema } from "./given-content.ts";
import { encodeJson, parseJson } from "./json.ts";
import { isShallow } from "./nesting.ts";
import { type Part, partJson, partsSchema } from "./parts.ts";
import { modelSchema, positionSchema, timeSchema } from "./position.ts";

export const ROLES = ["user", "assistant", "system", "tool"] as const;
export type ContentRole = (typeof ROLES)[number];

/** Colours that people in a chat may choose from; what they look like is each client's affair. */
export const COLOURS = 12;

interface Written {
  /** The writer's clock, milliseconds since 1970; null when an import does not tell. */
  readonly time: number | null;
  /** How far the writer had verified the transcript (SPEC section 7). */
  readonly after: Position;
}

/** A message that people read. */
export interface MessageContent extends Written {
  readonly type: "message";
  readonly role: ContentRole;
  /** Who speaks, as shown; empty for a nameless assistant. */
  readonly name: string;
  /** At least one. */
  readonly parts: readonly Part[];
  readonly replyTo: MessageId | null;
  /** For imported answers: the model that gave it. */
  readonly model: string | null;
  /** Its writer wants it never to go to a model (SPEC C16). */
  readonly withheld: boolean;
  /** With role `assistant`: a model of the sender's own gave it here, when it was mentioned (SPEC A9). */
  readonly answer?: OwnAnswer;
  /** It asks another member's own model (SPEC A12). */
  readonly asks?: MemberAsk;
}

/** What a message asks a member's own model with. */
export interface MemberAsk {
  /** Whose model is to answer. */
  readonly of: SenderId;
  /** The message id of the answer, too (SPEC I5). */
  readonly ask: AskId;
  /** What its writer lets go along, oldest first. */
  readonly along: readonly MessageId[];
}

/** Somebody came in under a name; the newest one of a sender is the name and the colour shown. */
export interface JoinContent extends Written {
  readonly type: "join";
  readonly name: string;
  /** Which of the twelve colours, from 0; null for the one that follows from the sender id (SPEC C15). */
  readonly colour: number | null;
}

/** What a message says instead, by whoever wrote it; the newest one counts (SPEC C11). */
export interface EditContent extends Written {
  readonly type: "edit";
  readonly target: MessageId;
  /** At least one. */
  readonly parts: readonly Part[];
}

/** A message is taken back by whoever wrote it, or removed by the owner; for good (SPEC C12). */
export interface RedactionContent extends Written {
  readonly type: "redaction";
  readonly target: MessageId;
}

/** An emoji put to a message, or taken from it; of one sender's for one target and emoji the newest counts (SPEC C14). */
export interface ReactionContent extends Written {
  readonly type: "reaction";
  readonly target: MessageId;
  readonly emoji: string;
  readonly on: boolean;
}

/** Whether a message of one's own may go to a model, from now on; the newest one counts (SPEC C17). */
export interface WithholdingContent extends Written {
  readonly type: "withholding";
  readonly target: MessageId;
  readonly withheld: boolean;
}

/** Whether a model of the sender's own answers what others ask it, from now on; the newest one counts (SPEC C20). */
export interface OfferingContent extends Written {
  readonly type: "offering";
  /** As everybody reads it; null for none any more. */
  readonly model: string | null;
}

/** A type of a newer version: kept as it is and shown as such. */
export interface UnknownContent extends Written {
  readonly type: "unknown";
  readonly named: string;
  readonly json: Readonly<Record<string, unknown>>;
}

export type Content =
  | MessageContent
  | JoinContent
  | EditContent
  | RedactionContent
  | ReactionContent
  | WithholdingContent
  | OfferingContent
  | UnknownContent;

const messageId = v.custom<MessageId>(isId);
const written = {
  time: v.nullable(timeSchema),
  after: positionSchema,
};
const name = v.pipe(v.string(), v.maxLength(LIMITS.name));

const messageSchema = v.object({
  type: v.literal("message"),
  role: v.picklist(ROLES),
  name,
  parts: partsSchema,
  replyTo: v.nullable(messageId),
  model: v.nullable(modelSchema),
  withheld: v.optional(v.boolean(), false),
  answer: v.exactOptional(ownAnswerSchema),
  asks: v.exactOptional(
    v.object({
      of: v.custom<SenderId>(isId),
      ask: v.custom<AskId>(isId),
      along: v.pipe(v.array(messageId), v.maxLength(LIMITS.contextMessages)),
    }),
  ),
  ...written,
}) satisfies v.GenericSchema<unknown, MessageContent>;

const joinSchema = v.object({
  type: v.literal("join"),
  name: v.pipe(name, v.trim(), v.minLength(1)),
  colour: v.optional(v.nullable(v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(COLOURS - 1))), null),
  ...written,
}) satisfies v.GenericSchema<unknown, JoinContent>;

const target = messageId;
const editSchema = v.object({
  type: v.literal("edit"),
  target,
  parts: partsSchema,
  ...written,
}) satisfies v.GenericSchema<unknown, EditContent>;

const redactionSchema = v.object({
  type: v.literal("redaction"),
  target,
  ...written,
}) satisfies v.GenericSchema<unknown, RedactionContent>;

const reactionSchema = v.object({
  type: v.literal("reaction"),
  target,
  emoji: v.pipe(v.string(), v.check(isEmoji)),
  on: v.boolean(),
  ...written,
}) satisfies v.GenericSchema<unknown, ReactionContent>;

const withholdingSchema = v.object({
  type: v.literal("withholding"),
  target,
  withheld: v.boolean(),
  ...written,
}) satisfies v.GenericSchema<unknown, WithholdingContent>;

const offeringSchema = v.object({
  type: v.literal("offering"),
  model: v.nullable(v.pipe(modelSchema, v.minLength(1))),
  ...written,
}) satisfies v.GenericSchema<unknown, OfferingContent>;

const KNOWN_TYPES: readonly string[] = ["message", "join", "edit", "redaction", "reaction", "withholding", "offering"];

const unknownSchema = v.pipe(
  v.looseObject({
    type: v.pipe(
      v.string(),
      v.check((type) => !KNOWN_TYPES.includes(type), "a type that is known has to have its shape"),
    ),
    ...written,
  }),
  v.check((value) => isShallow(value), "nested too deep"),
  v.transform(
    ({ type, time, after, ...json }): UnknownContent => ({ type: "unknown", named: type, json, time, after }),
  ),
);

const contentSchema = v.union([
  messageSchema,
  joinSchema,
  editSchema,
  redactionSchema,
  reactionSchema,
  withholdingSchema,
  offeringSchema,
  unknownSchema,
]);

/** @throws ProtocolError `malformed` for content that readers would refuse: a name too long, an impossible time. */
export function encodeContent(content: Content): Bytes {
  const { after, ...rest } = content;
  const position = { seq: after.seq, head: toBase64url(after.head) };
  if (rest.type === "message") {
    const { withheld, answer, ...said } = rest;
    const json = {
      ...said,
      parts: rest.parts.map(partJson),
      ...(withheld ? { withheld } : {}),
      ...(answer && { answer: { ...answer, given: givenJson(answer.given) } }),
      after: position,
    };
    return encodeJson(messageSchema, json);
  }
  if (rest.type === "edit") {
    return encodeJson(editSchema, { ...rest, parts: rest.parts.map(partJson), after: position });
  }
  if (rest.type === "redaction") return encodeJson(redactionSchema, { ...rest, after: position });
  if (rest.type === "reaction") return encodeJson(reactionSchema, { ...rest, after: position });
  if (rest.type === "withholding") return encodeJson(withholdingSchema, { ...rest, after: position });
  if (rest.type === "offering") return encodeJson(offeringSchema, { ...rest, after: position });
  if (rest.type === "join") return encodeJson(joinSchema, { ...rest, after: position });
  const { named, json, time } = rest;
  return encodeJson(unknownSchema, { ...json, type: named, time, after: position });
}

/** @throws ProtocolError `malformed` */
export function parseContent(json: Uint8Array): Content {
  return parseJson(contentSchema, json);
}
