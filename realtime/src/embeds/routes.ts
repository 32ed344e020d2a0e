import {
  completeEmbedSchema,
  createEmbedLinkSchema,
  createEmbedSchema,
  EMBED_PART,
  embedIdSchema,
  embedPreviewSchema,
  LARGEST_SEALED_EMBED,
  LIMITS,
  linkIdSchema,
  partCount,
} from "@openmates-share/protocol/wire";
import type { FastifyInstance, FastifyRequest } from "fastify";
import * as v from "valibot";
import { countingMisses } from "../http/asking.ts";
import { credentialsOf } from "../http/credentials.ts";
import { WireFailure } from "../http/failure.ts";
import { sendMsgpack } from "../http/msgpack.ts";
import { parse } from "../http/parse.ts";
import type { Parts } from "../http/parts.ts";
import { RATE_LIMITS, takeOrRefuse } from "../limits/limits.ts";
import type { EmbedRequest } from "./embed-gate.ts";

const BINARY = "application/octet-stream";

const embedPath = v.object({ embed: embedIdSchema });
const partPath = v.object({
  index: v.pipe(v.string(), v.regex(/^\d{1,4}$/), v.transform(Number), v.maxValue(partCount(LARGEST_SEALED_EMBED))),
});
const linkPath = v.object({ link: linkIdSchema });

/** A header as base64url in JSON. */
const COMPLETE_BYTES = LIMITS.embedHeader * 2;

/** Runs what a request asks of the embed in its path. @throws WireFailure as `asking` */
async function askingEmbed<T>(
  request: FastifyRequest,
  parts: Parts,
  use: (access: EmbedRequest) => Promise<T>,
): Promise<T> {
  const { embed } = parse(embedPath, request.params);
  const credentials = await credentialsOf(request, parts.sessions);
  return countingMisses(request, parts, () => use({ embed, ...credentials }));
}

export function embedRoutes(app: FastifyInstance, parts: Parts): void {
  app.addContentTypeParser(BINARY, { parseAs: "buffer" }, async (_request: unknown, body: Buffer) => body);
  uploadRoutes(app, parts);
  readRoutes(app, parts);
  linkRoutes(app, parts);
}

function uploadRoutes(app: FastifyInstance, parts: Parts): void {
  const { embeds, sessions, limiter } = parts;

  app.post("/embeds", async (request, reply) => {
    const { account, link } = await credentialsOf(request, sessions);
    if (account === null) throw new WireFailure("unauthorized", "This needs a valid session. Please sign in again.");
    const create = parse(createEmbedSchema, request.body);
    await takeOrRefuse(limiter, { limit: RATE_LIMITS.embeds, source: request.ip });
    return reply
      .code(201)
      .send(await countingMisses(request, parts, () => embeds.create({ account, link, ...create })));
  });

  app.get("/embeds/:embed/parts", async (request) => askingEmbed(request, parts, (access) => embeds.upload(access)));

  app.put("/embeds/:embed/parts/:index", { bodyLimit: EMBED_PART }, async (request, reply) => {
    const { index } = parse(partPath, request.params);
    const bytes = request.body;
    if (!(bytes instanceof Uint8Array)) throw new WireFailure("bad_request", "The body has to be the part's bytes.");
    await askingEmbed(request, parts, (access) => embeds.putPart({ ...access, index, bytes }));
    return reply.code(204).send();
  });

  app.post("/embeds/:embed/complete", { bodyLimit: COMPLETE_BYTES }, async (request, reply) => {
    const { header } = parse(completeEmbedSchema, request.body);
    await askingEmbed(request, parts, (access) => embeds.complete({ ...access, header }));
    return reply.code(204).send();
  });

  app.delete("/embeds/:embed", async (request, reply) => {
    await askingEmbed(request, parts, (access) => embeds.delete(access));
    return reply.code(204).send();
  });
}

function readRoutes(app: FastifyInstance, parts: Parts): void {
  const { embeds, embedParts } = parts;

  app.get("/embeds/:embed", async (request, reply) =>
    sendMsgpack(reply, await askingEmbed(request, parts, (access) => embeds.open(access))),
  );

  app.get("/embeds/:embed/parts/:index", async (request, reply) => {
    const { index } = parse(partPath, request.params);
    const { length, bytes } = await askingEmbed(request, parts, (access) => embedParts.read({ ...access, index }));
    return reply.type(BINARY).header("content-length", String(length)).send(bytes);
  });
}

function linkRoutes(app: FastifyInstance, parts: Parts): void {
  const { embedLinks, embedPreviews, limiter } = parts;

  app.post("/embeds/:embed/links", async (request, reply) => {
    const create = parse(createEmbedLinkSchema, request.body);
    await askingEmbed(request, parts, (access) => embedLinks.create({ ...access, create }));
    return reply.code(201).send({});
  });

  app.get("/embeds/:embed/links", async (request) => ({
    links: await askingEmbed(request, parts, (access) => embedLinks.list(access)),
  }));

  app.delete("/embeds/:embed/links/:link", async (request, reply) => {
    const { link } = parse(linkPath, request.params);
    await askingEmbed(request, parts, (access) => embedLinks.revoke({ ...access, revoke: link }));
    return reply.code(204).send();
  });

  app.put("/embeds/:embed/preview", async (request, reply) => {
    const preview = parse(embedPreviewSchema, request.body);
    await askingEmbed(request, parts, (access) => embedPreviews.set({ ...access, preview }));
    return reply.code(204).send();
  });

  app.delete("/embeds/:embed/preview", async (request, reply) => {
    await askingEmbed(request, parts, (access) => embedPreviews.set({ ...access, preview: null }));
    return reply.code(204).send();
  });

  app.post("/embeds/:embed/views", async (request, reply) => {
    await takeOrRefuse(limiter, { limit: RATE_LIMITS.views, source: request.ip });
    await askingEmbed(request, parts, (access) => embedLinks.countView(access));
    return reply.code(204).send();
  });
}
