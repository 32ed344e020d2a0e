import * as v from "valibot";
import { type Bytes, toBase64url } from "../bytes.ts";
import { isId, type MessageId } from "../wire/ids.ts";
import { encodeJson, parseJson } from "./json.ts";
import { hashSchema, modelSchema, timeSchema } from "./position.ts";

/** The mate's stored answer: said and signed by the service (SPEC section 9). */
export interface ReplyContent {
  readonly type: "reply";
  readonly text: string;
  /** The message that asked. */
  readonly replyTo: MessageId;
  readonly model: string;
  /** True when the built-in demo answered, no model. */
  readonly demo: boolean;
  /** `stopped`: a person ended it; `length`: the model or the limit did. */
  readonly ended: "complete" | "stopped" | "length";
  /** What the model was given: how many entries, and the hash of `givenHash`. */
  readonly given: { readonly count: number; readonly hash: Bytes };
  /** The service's clock, milliseconds since 1970. */
  readonly time: number;
}

const replySchema = v.object({
  type: v.literal("reply"),
  text: v.string(),
  replyTo: v.custom<MessageId>(isId),
  model: modelSchema,
  demo: v.boolean(),
  ended: v.picklist(["complete", "stopped", "length"]),
  given: v.object({
    count: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
    hash: hashSchema,
  }),
  time: timeSchema,
}) satisfies v.GenericSchema<unknown, ReplyContent>;

/** @throws ProtocolError `malformed` for a reply that readers would refuse. */
export function encodeReplyContent(reply: ReplyContent): Bytes {
  const given = { count: reply.given.count, hash: toBase64url(reply.given.hash) };
  return encodeJson(replySchema, { ...reply, given });
}

/** @throws ProtocolError `malformed` */
export function parseReplyContent(json: Uint8Array): ReplyContent {
  return parseJson(replySchema, json);
}
