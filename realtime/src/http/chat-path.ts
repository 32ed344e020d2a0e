import { chatIdSchema, linkIdSchema, seqSchema } from "@openmates-share/protocol/wire";
import * as v from "valibot";
import { parse } from "./parse.ts";

const chatPath = v.object({ chat: chatIdSchema });
const linkPath = v.object({ chat: chatIdSchema, link: linkIdSchema });
const afterQuery = v.object({
  after: v.optional(v.pipe(v.string(), v.regex(/^\d{1,15}$/), v.transform(Number), seqSchema), "0"),
});

/** The `:chat` of a route. @throws WireFailure `bad_request` */
export function chatOf(request: { params: unknown }) {
  return parse(chatPath, request.params).chat;
}

/** The `:chat` and `:link` of a route. @throws WireFailure `bad_request` */
export function linkOf(request: { params: unknown }) {
  return parse(linkPath, request.params);
}

/** `?after=N`, 0 unless told. @throws WireFailure `bad_request` */
export function afterOf(request: { query: unknown }): number {
  return parse(afterQuery, request.query).after;
}
