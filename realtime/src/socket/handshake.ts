import type { IncomingMessage } from "node:http";
import { handshakeSchema } from "@openmates-share/protocol/wire";
import * as v from "valibot";
import type { Sessions } from "../accounts/sessions.ts";
import { isUnavailable, unavailable } from "../http/database-failure.ts";
import { asWireFailure, WireFailure } from "../http/failure.ts";
import type { Line, LineData } from "./line.ts";

/** Finds out whom a connection speaks for; one with a session that is not valid is refused with `unauthorized`. */
export function handshake(options: { sessions: Sessions; trustedProxies: number }) {
  const { sessions, trustedProxies } = options;
  return (line: Line, next: (refusal?: Error) => void): void => {
    identify(line, { sessions, trustedProxies }).then(
      (data) => {
        line.data = data;
        next();
      },
      (error: unknown) => next(refusal(asWireFailure(isUnavailable(error) ? unavailable(error) : error))),
    );
  };
}

async function identify(line: Line, options: { sessions: Sessions; trustedProxies: number }): Promise<LineData> {
  const parsed = v.safeParse(handshakeSchema, line.handshake.auth);
  if (!parsed.success) throw new WireFailure("bad_request", "The handshake names a session, or null to only read.");
  const { session } = parsed.output;
  if (session === null)
    return { account: null, session: null, source: addressOf(line.request, options.trustedProxies) };
  const found = await options.sessions.identify(session);
  if (!found) throw new WireFailure("unauthorized", "This session is not valid.");
  return { ...found, source: found.account };
}

/** What the client gets as `connect_error`: our error as its `data`. */
function refusal(failure: WireFailure): Error {
  return Object.assign(new Error(failure.message), { data: failure.toWire() });
}

/** The client's address: the one that the nearest proxy we do not trust, or nobody, has written. */
function addressOf(request: IncomingMessage, trustedProxies: number): string {
  const forwarded = request.headers["x-forwarded-for"] ?? "";
  const told = (Array.isArray(forwarded) ? forwarded.join(",") : forwarded).split(",").map((address) => address.trim());
  const chain = [request.socket.remoteAddress ?? "", ...told.filter(Boolean).reverse()];
  return chain[Math.min(trustedProxies, chain.length - 1)] ?? "";
}
