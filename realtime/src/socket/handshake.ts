import { handshakeSchema } from "@openmates-share/protocol/wire";
import * as v from "valibot";
import type { Sessions } from "../accounts/sessions.ts";
import { isUnavailable, unavailable } from "../http/database-failure.ts";
import { asWireFailure, WireFailure } from "../http/failure.ts";
import type { EngineConnection } from "./end-connection.ts";
import type { Line, LineData } from "./line.ts";
import { sourceAddress } from "./source-address.ts";

/** Finds out whom a connection speaks for; one with a session that is not valid is refused with `unauthorized`. */
export function handshake(options: { sessions: Sessions; trustedProxies: number }) {
  const { sessions, trustedProxies } = options;
  // Socket.IO itself lets one connection begin any number of handshakes, each a line and a look into the database.
  const underWay = new WeakSet<EngineConnection>();
  return (line: Line, next: (refusal?: Error) => void): void => {
    const { conn } = line;
    if (underWay.has(conn)) {
      next(refusal(new WireFailure("bad_request", "One handshake at a time.")));
      return;
    }
    underWay.add(conn);
    identify(line, { sessions, trustedProxies })
      .then(
        (data) => {
          line.data = data;
          next();
        },
        (error: unknown) => next(refusal(asWireFailure(isUnavailable(error) ? unavailable(error) : error))),
      )
      .finally(() => underWay.delete(conn));
  };
}

async function identify(line: Line, options: { sessions: Sessions; trustedProxies: number }): Promise<LineData> {
  const parsed = v.safeParse(handshakeSchema, line.handshake.auth);
  if (!parsed.success) throw new WireFailure("bad_request", "The handshake names a session, or null to only read.");
  const { session } = parsed.output;
  if (session === null) {
    const source = sourceAddress(line.request, options.trustedProxies);
    return { account: null, session: null, tokenHash: null, source };
  }
  const found = await options.sessions.identify(session);
  if (!found) throw new WireFailure("unauthorized", "This session is not valid.");
  return { ...found, source: found.account };
}

/** What the client gets as `connect_error`: our error as its `data`. */
function refusal(failure: WireFailure): Error {
  return Object.assign(new Error(failure.message), { data: failure.toWire() });
}
