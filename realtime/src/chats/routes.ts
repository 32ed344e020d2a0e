import {
  acceptOfferSchema,
  closeChatSchema,
  createChatSchema,
  LIMITS,
  offerSchema,
  updateSharedSchema,
} from "@openmates-share/protocol/wire";
import type { FastifyInstance } from "fastify";
import { requireOwnSender } from "../access/sender-claim.ts";
import { asking } from "../http/asking.ts";
import { placeOf } from "../http/chat-path.ts";
import { accountOf, sessionOf } from "../http/credentials.ts";
import { sendMsgpack } from "../http/msgpack.ts";
import { parse } from "../http/parse.ts";
import type { Parts } from "../http/parts.ts";
import { RATE_LIMITS, takeOrRefuse } from "../limits/limits.ts";

export function chatRoutes(app: FastifyInstance, parts: Parts): void {
  const { chats, membership, successions, sessions, limiter } = parts;

  app.post("/chats", async (request, reply) => {
    const { account, tokenHash } = await sessionOf(request, sessions);
    const { chat, owner, claim } = parse(createChatSchema, request.body);
    await takeOrRefuse(limiter, { limit: RATE_LIMITS.chats, source: request.ip });
    requireOwnSender({ chat, session: tokenHash, sender: owner, claim });
    await chats.create({ account, chat, owner });
    return reply.code(201).send({});
  });

  app.get("/chats", async (request) => ({ chats: await chats.owned(await accountOf(request, sessions)) }));

  app.get("/chats/:chat/keys", async (request, reply) =>
    sendMsgpack(reply, await asking(request, parts, (access) => chats.keys(access))),
  );

  app.get("/chats/:chat/link", async (request) => asking(request, parts, (access) => chats.glance(access)));

  app.get("/chats/:chat", async (request, reply) => {
    const place = placeOf(request);
    return sendMsgpack(reply, await asking(request, parts, (access) => chats.open({ ...access, place })));
  });

  app.put("/chats/:chat/shared", async (request, reply) => {
    const update = parse(updateSharedSchema, request.body);
    await asking(request, parts, (access) => chats.share({ ...access, ...update }));
    return reply.code(204).send();
  });

  app.put("/chats/:chat/closed", async (request, reply) => {
    const { closed } = parse(closeChatSchema, request.body);
    await asking(request, parts, (access) => chats.close({ ...access, closed }));
    return reply.code(204).send();
  });

  app.delete("/chats/:chat/membership", async (request, reply) => {
    await asking(request, parts, (access) => membership.leave(access));
    return reply.code(204).send();
  });

  app.get("/chats/:chat/offer", async (request) => ({
    pending: await asking(request, parts, (access) => successions.pending(access)),
  }));

  app.put("/chats/:chat/offer", { bodyLimit: 2 * LIMITS.bequest }, async (request, reply) => {
    const offer = parse(offerSchema, request.body);
    await asking(request, parts, (access) => successions.offer({ ...access, offer }));
    return reply.code(204).send();
  });

  app.delete("/chats/:chat/offer", async (request, reply) => {
    await asking(request, parts, (access) => successions.withdraw(access));
    return reply.code(204).send();
  });

  app.post("/chats/:chat/successions", async (request, reply) => {
    const accept = parse(acceptOfferSchema, request.body);
    await asking(request, parts, (access) => successions.accept({ ...access, accept }));
    return reply.code(201).send({});
  });

  app.delete("/chats/:chat", async (request, reply) => {
    await asking(request, parts, (access) => chats.delete(access));
    return reply.code(204).send();
  });
}
