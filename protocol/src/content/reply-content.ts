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
  /**
   * What the model was given: how many entries, of how many that the asker sent (the newest ones, where the model takes no
   * more), and their hash by `givenHash`.
   */
  readonly given: { readonly count: number; readonly offered: number; readonly hash: Bytes };
  /** The service's clock, milliseconds since 1970. */
  readonly time: number;
}

const wholeNumber = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

const replySchema = v.object({
  type: v.literal("reply"),
  text: v.string(),
  replyTo: v.custom<MessageId>(isId),
  model: modelSchema,
  demo: v.boolean(),
  ended: v.picklist(["complete", "stopped", "length"]),
  given: v.pipe(
    v.object({ count: wholeNumber, offered: v.optional(wholeNumber), hash: hashSchema }),
    v.transform(({ count, offered = count, hash }) => ({ count, offered, hash })),
    v.check(({ count, offered }) => count <= offered, "no more can be given than was sent"),
  ),
  time: timeSchema,
}) satisfies v.GenericSchema<unknown, ReplyContent>;

/** @throws ProtocolError `malformed` for a reply that readers would refuse. */
export function encodeReplyContent(reply: ReplyContent): Bytes {
  const { count, offered, hash } = reply.given;
  const given = { count, ...(offered !== count && { offered }), hash: toBase64url(hash) };
  return encodeJson(replySchema, { ...reply, given });
}

/** @throws ProtocolError `malformed` */
export function parseReplyContent(json: Uint8Array): ReplyContent {
  return parseJson(replySchema, json);
}
