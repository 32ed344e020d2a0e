import * as v from "valibot";
import { type Bytes, fromBase64url, toBase64url, utf8 } from "../bytes.ts";
import { isId, type MessageId } from "../wire/ids.ts";
import { parseJson } from "./json.ts";

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
  model: v.pipe(v.string(), v.maxLength(200)),
  demo: v.boolean(),
  ended: v.picklist(["complete", "stopped", "length"]),
  given: v.object({
    count: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
    hash: v.pipe(
      v.string(),
      v.transform((text) => fromBase64url(text)),
      v.instance(Uint8Array<ArrayBuffer>),
      v.check((bytes) => bytes.length === 32),
    ),
  }),
  time: v.pipe(v.number(), v.safeInteger()),
}) satisfies v.GenericSchema<unknown, ReplyContent>;

export function encodeReplyContent(reply: ReplyContent): Bytes {
  const given = { count: reply.given.count, hash: toBase64url(reply.given.hash) };
  return utf8(JSON.stringify({ ...reply, given }));
}

/** @throws ProtocolError `malformed` */
export function parseReplyContent(json: Uint8Array): ReplyContent {
  return parseJson(replySchema, json);
}
