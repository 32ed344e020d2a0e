import { LIMITS, uploadSchema } from "@openmates-share/protocol/wire";
import type { FastifyInstance } from "fastify";
import { asking } from "../http/asking.ts";
import { afterOf, erasureOf, placeOf } from "../http/chat-path.ts";
import { sendMsgpack } from "../http/msgpack.ts";
import { parse } from "../http/parse.ts";
import type { Parts } from "../http/parts.ts";

/** The envelopes, and what stands around each: ids, sender, field names. */
const UPLOAD_BYTES = LIMITS.pageBytes + LIMITS.pageMessages * 128;

export function messageRoutes(app: FastifyInstance, parts: Parts): void {
  const { chats, uploads, erasures } = parts;

  app.get("/chats/:chat/messages", async (request, reply) => {
    const place = placeOf(request);
    return sendMsgpack(reply, await asking(request, parts, (access) => chats.page({ ...access, place })));
  });

  app.get("/chats/:chat/spine", async (request, reply) => {
    const after = afterOf(request);
    return sendMsgpack(reply, await asking(request, parts, (access) => chats.spine({ ...access, after })));
  });

  app.get("/chats/:chat/amendments", async (request, reply) => {
    const after = afterOf(request);
    return sendMsgpack(reply, await asking(request, parts, (access) => chats.amendments({ ...access, after })));
  });

  app.delete("/chats/:chat/messages/:message", async (request, reply) => {
    const erasure = erasureOf(request);
    await asking(request, parts, (access) => erasures.erase({ ...access, ...erasure }));
    return reply.code(204).send();
  });

  app.post("/chats/:chat/messages", { bodyLimit: UPLOAD_BYTES }, async (request, reply) => {
    const { messages } = parse(uploadSchema, request.body);
    const receipts = await asking(request, parts, (access) => uploads.append({ ...access, messages }));
    return sendMsgpack(reply, { receipts });
  });
}
