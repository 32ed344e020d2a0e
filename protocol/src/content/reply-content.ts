import * as v from "valibot";
import type { Bytes } from "../bytes.ts";
import { isId, type MessageId } from "../wire/ids.ts";
import { type AnswerEnd, ENDS, type Given, givenJson, givenSchema } from "./given-content.ts";
import { encodeJson, parseJson } from "./json.ts";
import { modelSchema, timeSchema } from "./position.ts";

/** The mate's stored answer: said and signed by the service (SPEC section 9). */
export interface ReplyContent {
  readonly type: "reply";
  readonly text: string;
  /** The message that asked. */
  readonly replyTo: MessageId;
  readonly model: string;
  /** True when the built-in demo answered, no model. */
  readonly demo: boolean;
  readonly ended: AnswerEnd;
  readonly given: Given;
  /** The service's clock, milliseconds since 1970. */
  readonly time: number;
}

const replySchema = v.object({
  type: v.literal("reply"),
  text: v.string(),
  replyTo: v.custom<MessageId>(isId),
  model: modelSchema,
  demo: v.boolean(),
  ended: v.picklist(ENDS),
  given: givenSchema,
  time: timeSchema,
}) satisfies v.GenericSchema<unknown, ReplyContent>;

/** @throws ProtocolError `malformed` for a reply that readers would refuse. */
export function encodeReplyContent(reply: ReplyContent): Bytes {
  return encodeJson(replySchema, { ...reply, given: givenJson(reply.given) });
}

/** @throws ProtocolError `malformed` */
export function parseReplyContent(json: Uint8Array): ReplyContent {
  return parseJson(replySchema, json);
}
