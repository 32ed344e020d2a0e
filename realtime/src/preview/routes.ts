import { type ChatId, type EmbedId, embedIdSchema, isId, previewSchema } from "@openmates-share/protocol/wire";
import type { FastifyInstance } from "fastify";
import * as v from "valibot";
import { asking } from "../http/asking.ts";
import { chatOf } from "../http/chat-path.ts";
import { parse } from "../http/parse.ts";
import type { Parts } from "../http/parts.ts";
import { cardOf, embedCardOf, type Subject } from "./card.ts";
import { chatPage, PAGE_HEADERS } from "./chat-page.ts";
import { previewPage } from "./page.ts";

/** A title and a summary whose every character is four bytes, or escaped in JSON. */
const PREVIEW_BYTES = 8 << 10;

export function previewRoutes(app: FastifyInstance, parts: Parts): void {
  const { previews, embedPreviews, service } = parts;

  app.put("/chats/:chat/preview", { bodyLimit: PREVIEW_BYTES }, async (request, reply) => {
    const preview = parse(previewSchema, request.body);
    await asking(request, parts, (access) => previews.set({ ...access, preview }));
    return reply.code(204).send();
  });

  app.delete("/chats/:chat/preview", async (request, reply) => {
    await asking(request, parts, (access) => previews.set({ ...access, preview: null }));
    return reply.code(204).send();
  });

  app.get("/previews/:chat", async (request) => {
    const preview = await previews.find(chatOf(request));
    return cardOf({ subject: "chat", preview, publicUrl: service().publicUrl });
  });

  app.get("/embeds/:embed/preview", async (request) => {
    const { embed } = parse(embedPath, request.params);
    return embedCardOf({ preview: await embedPreviews.find(embed), publicUrl: service().publicUrl });
  });
}

const embedPath = v.object({ embed: embedIdSchema });

/** `/share/chat/:id` and `/share/embed/:id`. Whatever stands behind an id, or nothing: there is always a page (R6). */
export function sharePages(app: FastifyInstance, { previews, embedPreviews, service }: Parts): void {
  // Which sort of id it is, the path says.
  const page = async (subject: Subject, id: unknown) => {
    const { publicUrl } = service();
    if (!isId(id)) return previewPage({ card: cardOf({ subject, preview: null, publicUrl }), url: publicUrl });
    if (subject === "chat")
      return chatPage({ chat: id as ChatId, preview: await previews.find(id as ChatId), publicUrl });
    const card = embedCardOf({ preview: await embedPreviews.find(id as EmbedId), publicUrl });
    return previewPage({ card, url: `${publicUrl}/share/embed/${id}` });
  };

  for (const subject of ["chat", "embed"] as const) {
    app.get<{ Params: { id: string } }>(`/share/${subject}/:id`, async (request, reply) =>
      reply.headers(PAGE_HEADERS).send(await page(subject, request.params.id)),
    );
  }
}
