import Fastify, { type FastifyInstance, LogController } from "fastify";
import { accountRoutes } from "../accounts/routes.ts";
import { chatRoutes } from "../chats/routes.ts";
import type { Config } from "../config.ts";
import { embedRoutes } from "../embeds/routes.ts";
import { healthRoutes } from "../health/routes.ts";
import { linkRoutes } from "../links/routes.ts";
import { messageRoutes } from "../messages/routes.ts";
import { previewRoutes, sharePages } from "../preview/routes.ts";
import { answerFailures, answerUnparsable, answerUnreadable } from "./failures.ts";
import { acceptMsgpack } from "./msgpack.ts";
import type { Parts } from "./parts.ts";
import { logRequests } from "./request-log.ts";
import { addSecurityHeaders } from "./security-headers.ts";
import { serveViewer } from "./viewer.ts";

/** Bodies of most requests are a few short fields; routes that take more say so. */
const BODY_BYTES = 16 << 10;

/** For a page of the largest size on a slow line; nobody holds a connection open with half a request for longer. */
const REQUEST_MS = 120_000;

export type AppConfig = Pick<Config, "logLevel" | "trustedProxies" | "viewerDir">;

/** The HTTP side, not listening yet. `parts` is asked for at the first request. */
export async function createApp(config: AppConfig, parts: Parts): Promise<FastifyInstance> {
  const app = Fastify({
    bodyLimit: BODY_BYTES,
    trustProxy: (_address: string, hop: number) => hop < config.trustedProxies,
    logController: new LogController({ disableRequestLogging: true }),
    logger: { level: config.logLevel, base: null, serializers: { req: () => ({}), res: () => ({}) } },
    forceCloseConnections: true,
    // A prototype in JSON is refused and never half taken.
    onProtoPoisoning: "error",
    onConstructorPoisoning: "error",
    frameworkErrors: answerUnreadable,
    clientErrorHandler: answerUnparsable,
    requestTimeout: REQUEST_MS,
    routerOptions: { maxParamLength: 200 },
  });
  app.removeContentTypeParser("text/plain");
  addSecurityHeaders(app);
  logRequests(app);
  answerFailures(app, parts);
  healthRoutes(app, parts);
  sharePages(app, parts);
  await app.register(apiRoutes, { prefix: "/api", parts });
  await serveViewer(app, config);
  return app;
}

function apiRoutes(api: FastifyInstance, { parts }: { parts: Parts }, done: () => void): void {
  api.addHook("onRequest", async (_request, reply) => {
    reply.header("cache-control", "no-store");
  });
  acceptMsgpack(api);
  api.get("/service", async () => parts.service());
  accountRoutes(api, parts);
  chatRoutes(api, parts);
  messageRoutes(api, parts);
  linkRoutes(api, parts);
  embedRoutes(api, parts);
  previewRoutes(api, parts);
  done();
}
