import { createLinkSchema, LIMITS } from "@openmates-share/protocol/wire";
import type { FastifyInstance } from "fastify";
import { asking } from "../http/asking.ts";
import { linkOf } from "../http/chat-path.ts";
import { parse } from "../http/parse.ts";
import type { Parts } from "../http/parts.ts";
import { RATE_LIMITS, takeOrRefuse } from "../limits/limits.ts";

/** A wrapped key for every epoch, as base64url in JSON, and the rest of a link. */
const LINK_BYTES = LIMITS.epochs * 160 + 4096;

export function linkRoutes(app: FastifyInstance, parts: Parts): void {
  const { links, limiter } = parts;

  app.post("/chats/:chat/links", { bodyLimit: LINK_BYTES }, async (request, reply) => {
    const create = parse(createLinkSchema, request.body);
    await asking(request, parts, (access) => links.create({ ...access, create }));
    return reply.code(201).send({});
  });

  app.get("/chats/:chat/links", async (request) => ({
    links: await asking(request, parts, (access) => links.list(access)),
  }));

  app.delete("/chats/:chat/links/:link", async (request, reply) => {
    const { link } = linkOf(request);
    await asking(request, parts, (access) => links.revoke({ ...access, revoke: link }));
    return reply.code(204).send();
  });

  app.post("/chats/:chat/views", async (request, reply) => {
    await takeOrRefuse(limiter, { limit: RATE_LIMITS.views, source: request.ip });
    await asking(request, parts, (access) => links.countView(access));
    return reply.code(204).send();
  });
}
