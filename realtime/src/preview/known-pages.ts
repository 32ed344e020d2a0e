import type { IncomingMessage, ServerResponse } from "node:http";
import { type ChatId, isId } from "@openmates-share/protocol/wire";
import type { FastifyInstance } from "fastify";
import { SECURITY_HEADERS } from "../http/security-headers.ts";
import { chatPage, PAGE_HEADERS } from "./chat-page.ts";
import type { Previews } from "./previews.ts";

type Listener = (request: IncomingMessage, response: ServerResponse) => void;

interface KnownPages {
  readonly previews: Pick<Previews, "peek">;
  readonly publicUrl: () => string;
}

const PATH = "/share/chat/";
const HEADERS = Object.entries({ ...SECURITY_HEADERS, ...PAGE_HEADERS }).flat();

/**
 * Answers for pages of chats whose card is known, before anything else is asked about a request: a link that is posted to a
 * large channel brings hundreds of crawlers at once. Page, headers and line in the log are those of the route, and whatever
 * is not plainly such a request goes on to it.
 */
export function answerKnownPages(app: FastifyInstance, known: KnownPages): void {
  const others = app.server.listeners("request") as Listener[];
  app.server.removeAllListeners("request");
  app.server.on("request", (request: IncomingMessage, response: ServerResponse) => {
    const page = request.method === "GET" ? pageAt(request.url ?? "", known) : null;
    if (page === null) {
      for (const listener of others) listener.call(app.server, request, response);
      return;
    }
    response.writeHead(200, [...HEADERS, "content-length", String(page.length)]);
    response.end(page);
    app.log.info({ method: "GET", route: `${PATH}:id`, status: 200, ms: 0 }, "request");
  });
}

function pageAt(url: string, { previews, publicUrl }: KnownPages): Buffer | null {
  if (!url.startsWith(PATH)) return null;
  const id = url.slice(PATH.length);
  if (!isId(id)) return null;
  const chat = id as ChatId;
  const preview = previews.peek(chat);
  return preview === undefined ? null : chatPage({ chat, preview, publicUrl: publicUrl() });
}
