import {
  chatIdSchema,
  embedIdSchema,
  LIMITS,
  linkIdSchema,
  messageIdSchema,
  type PagePlace,
  seqSchema,
} from "@openmates-share/protocol/wire";
import * as v from "valibot";
import { parse } from "./parse.ts";

const chatPath = v.object({ chat: chatIdSchema });
const linkPath = v.object({ chat: chatIdSchema, link: linkIdSchema });
const seqText = v.pipe(v.string(), v.regex(/^\d{1,15}$/), v.transform(Number), seqSchema);
const messagePath = v.object({ chat: chatIdSchema, message: messageIdSchema });
const amendmentQuery = v.object({
  amendment: messageIdSchema,
  embeds: v.optional(
    v.pipe(
      v.string(),
      v.transform((text) => text.split(",").filter((id) => id !== "")),
      v.array(embedIdSchema),
      v.maxLength(LIMITS.erasedEmbeds),
    ),
    "",
  ),
});
const afterQuery = v.object({ after: v.optional(seqText, "0") });
const placeQuery = v.pipe(
  v.object({
    after: v.optional(seqText),
    before: v.optional(seqText),
    // A message id has 22 characters, more than any number.
    around: v.optional(v.union([seqText, messageIdSchema])),
  }),
  v.check((place) => Object.keys(place).length <= 1, "only one of after, before and around"),
);

/** The `:chat` of a route. @throws WireFailure `bad_request` */
export function chatOf(request: { params: unknown }) {
  return parse(chatPath, request.params).chat;
}

/** The `:chat` and `:link` of a route. @throws WireFailure `bad_request` */
export function linkOf(request: { params: unknown }) {
  return parse(linkPath, request.params);
}

/** The `:message` of a route, `?amendment=` that takes it back, and `?embeds=` that go with it. @throws WireFailure `bad_request` */
export function erasureOf(request: { params: unknown; query: unknown }) {
  return { message: parse(messagePath, request.params).message, ...parse(amendmentQuery, request.query) };
}

/** `?after=N`, 0 unless told. @throws WireFailure `bad_request` */
export function afterOf(request: { query: unknown }): number {
  return parse(afterQuery, request.query).after;
}

/** `?after=N`, `?before=N` or `?around=` a number or message id; null for none. @throws WireFailure `bad_request` */
export function placeOf(request: { query: unknown }): PagePlace | null {
  const { after, before, around } = parse(placeQuery, request.query);
  if (after !== undefined) return { after };
  if (before !== undefined) return { before };
  return around === undefined ? null : { around };
}
