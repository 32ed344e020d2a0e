import type { FastifyInstance } from "fastify";
import type { Parts } from "../http/parts.ts";

/** `/healthz`: the process answers. `/readyz`: and so does its database, so traffic may come. */
export function healthRoutes(app: FastifyInstance, { isReady }: Parts): void {
  app.get("/healthz", async (_request, reply) => reply.header("cache-control", "no-store").send({ status: "ok" }));

  app.get("/readyz", async (_request, reply) => {
    const ready = await isReady();
    return reply
      .header("cache-control", "no-store")
      .code(ready ? 200 : 503)
      .send({ status: ready ? "ready" : "unavailable" });
  });
}
