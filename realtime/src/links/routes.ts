import {
  createLinkSchema,
  editLinkSchema,
  invitationSchema,
  LIMITS,
  rotateSchema,
} from "@openmates-share/protocol/wire";
import type { FastifyInstance } from "fastify";
import { asking } from "../http/asking.ts";
import { linkOf } from "../http/chat-path.ts";
import { parse } from "../http/parse.ts";
import type { Parts } from "../http/parts.ts";
import { RATE_LIMITS, takeOrRefuse } from "../limits/limits.ts";

/** A wrapped key for every epoch, as base64url in JSON, and the rest of a link. */
const LINK_BYTES = LIMITS.epochs * 160 + 4096;
/** A wrapped key and an id for every link, an id for everybody who is removed, and a seal. */
const ROTATION_BYTES = LIMITS.links * 256 + LIMITS.members * 32 + LIMITS.seal * 2;

export function linkRoutes(app: FastifyInstance, parts: Parts): void {
  const { links, views, epochs, invitations, limiter } = parts;

  app.post("/chats/:chat/links", { bodyLimit: LINK_BYTES }, async (request, reply) => {
    const create = parse(createLinkSchema, request.body);
    await asking(request, parts, (access) => links.create({ ...access, create }));
    return reply.code(201).send({});
  });

  app.get("/chats/:chat/links", async (request) => ({
    links: await asking(request, parts, (access) => links.list(access)),
  }));

  app.patch("/chats/:chat/links/:link", async (request, reply) => {
    const { link } = linkOf(request);
    const edit = parse(editLinkSchema, request.body);
    await asking(request, parts, (access) => links.edit({ ...access, change: link, edit }));
    return reply.code(204).send();
  });

  app.post("/chats/:chat/links/:link/invitations", async (request, reply) => {
    const { link } = linkOf(request);
    const { url } = parse(invitationSchema, request.body);
    const server = parts.service().publicUrl;
    await asking(request, parts, (access) => invitations.send({ ...access, invite: link, url, server }));
    return reply.code(204).send();
  });

  app.delete("/chats/:chat/links/:link", async (request, reply) => {
    const { link } = linkOf(request);
    await asking(request, parts, (access) => links.revoke({ ...access, revoke: link }));
    return reply.code(204).send();
  });

  app.get("/chats/:chat/epoch", async (request) => asking(request, parts, (access) => epochs.state(access)));

  app.post("/chats/:chat/epochs", { bodyLimit: ROTATION_BYTES }, async (request, reply) => {
    const rotate = parse(rotateSchema, request.body);
    await asking(request, parts, (access) => epochs.rotate({ ...access, rotate }));
    return reply.code(201).send({});
  });

  app.post("/chats/:chat/views", async (request, reply) => {
    await takeOrRefuse(limiter, { limit: RATE_LIMITS.views, source: request.ip });
    await asking(request, parts, (access) => views.count(access));
    return reply.code(204).send();
  });
}
