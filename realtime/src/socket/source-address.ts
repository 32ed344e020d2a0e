import type { IncomingMessage } from "node:http";

/** The client's address: the one that the nearest proxy we do not trust, or nobody, has written. */
export function sourceAddress(request: IncomingMessage, trustedProxies: number): string {
  const forwarded = request.headers["x-forwarded-for"] ?? "";
  const told = (Array.isArray(forwarded) ? forwarded.join(",") : forwarded).split(",").map((address) => address.trim());
  const chain = [request.socket.remoteAddress ?? "", ...told.filter(Boolean).reverse()];
  return chain[Math.min(trustedProxies, chain.length - 1)] ?? "";
}
