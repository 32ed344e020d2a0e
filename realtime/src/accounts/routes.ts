import type { FastifyInstance } from "fastify";
import type { Parts } from "../http/parts.ts";
import { RATE_LIMITS, takeOrRefuse } from "../limits/limits.ts";

export function accountRoutes(app: FastifyInstance, { sessions, limiter }: Parts): void {
  app.post("/guests", async (request, reply) => {
    await takeOrRefuse(limiter, { limit: RATE_LIMITS.guests, source: request.ip });
    return reply.code(201).send(await sessions.create());
  });
}
