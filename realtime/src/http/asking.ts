import type { FastifyRequest } from "fastify";
import type { AccessRequest } from "../access/gate.ts";
import { RATE_LIMITS, takeOrRefuse } from "../limits/limits.ts";
import { chatOf } from "./chat-path.ts";
import { credentialsOf } from "./credentials.ts";
import { WireFailure } from "./failure.ts";
import type { Parts } from "./parts.ts";

/**
 * Runs what a request asks of the chat in its path. Chats asked for in vain are counted, whatever the reason, so that
 * nobody goes on guessing.
 * @throws WireFailure what `use` throws, and `bad_request`, `unauthorized`, `rate_limited`
 */
export async function asking<T>(
  request: FastifyRequest,
  parts: Parts,
  use: (access: AccessRequest) => Promise<T>,
): Promise<T> {
  const chat = chatOf(request);
  const credentials = await credentialsOf(request, parts.sessions);
  return countingMisses(request, parts, () => use({ chat, ...credentials }));
}

/** @throws WireFailure what `use` throws, and `rate_limited` */
export async function countingMisses<T>(
  request: FastifyRequest,
  { limiter }: Pick<Parts, "limiter">,
  use: () => Promise<T>,
): Promise<T> {
  try {
    return await use();
  } catch (error) {
    if (error instanceof WireFailure && error.code === "not_found") {
      await takeOrRefuse(limiter, { limit: RATE_LIMITS.misses, source: request.ip });
    }
    throw error;
  }
}
