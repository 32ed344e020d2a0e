import type { Server as HttpServer } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import { LIMITS, SOCKET_PATH } from "@openmates-share/protocol/wire";
import { Server } from "socket.io";
import type { Log } from "../cluster/redis-line.ts";
import type { RateLimiter } from "../limits/rate-limiter.ts";
import type { Metrics } from "../metrics/metrics.ts";
import { boundBacklog } from "./backlog.ts";
import { type EngineConnection, endConnection } from "./end-connection.ts";
import { EndOfTurn } from "./end-of-turn.ts";
import { boundFrames } from "./frame-budget.ts";
import { gatherWrites } from "./gather-writes.ts";
import type { Lines } from "./line.ts";
import { GUARDED_PARSER } from "./parser.ts";
import { CONNECT_LIMIT } from "./socket-limits.ts";
import { sourceAddress } from "./source-address.ts";

/** The largest message, or the largest context of an ask, and what stands around it. */
const LARGEST_FRAME = Math.max(LIMITS.envelope, LIMITS.contextBytes) + (64 << 10);

/** Takes connections on a server's port, each bounded in what it sends and in what waits for it, until `close`. */
export function openLines(options: {
  http: HttpServer;
  limiter: RateLimiter;
  trustedProxies: number;
  metrics: Metrics;
  log: Log;
}): { lines: Lines; close: () => void } {
  const { http, limiter, trustedProxies, metrics, log } = options;
  let closed = false;
  const lines: Lines = new Server({
    path: SOCKET_PATH,
    parser: GUARDED_PARSER,
    maxHttpBufferSize: LARGEST_FRAME,
    transports: ["websocket", "polling"],
    // Clients bring Socket.IO with them.
    serveClient: false,
    allowRequest: (request, answer) => {
      if (closed) return answer("unavailable", false);
      const source = sourceAddress(request, trustedProxies);
      limiter.take({ limit: CONNECT_LIMIT, source }).then(
        (wait) => answer(wait > 0 ? "rate_limited" : null, wait === 0),
        () => answer("unavailable", false),
      );
    },
  });
  lines.attach(http);
  http.prependListener("upgrade", (_request, socket) => {
    // The answer to it and Engine.IO's first packet in one write.
    socket.cork();
    setImmediate(() => socket.uncork());
  });
  const turn = new EndOfTurn();
  lines.engine.on("connection", (connection: EngineConnection) => {
    gatherWrites(connection, turn);
    boundFrames(connection, () => {
      metrics.onConnectionEnded("flood");
      log.info({}, "a connection sent more than anybody does, and was ended");
    });
    boundBacklog(connection, {
      onPacket: () => metrics.onDelivery(),
      onExcess() {
        metrics.onConnectionEnded("slow");
        log.info({}, "a connection took less than was said, and was ended");
      },
    });
  });
  const close = () => {
    closed = true;
  };
  return { lines, close };
}

/** What clients have to take what was said to them before the end. Milliseconds. */
const LAST_WORDS_MS = 4000;

/** Ends connections that are closing already when the last of their words have gone out; those that do not take them must not hold up the end. */
export async function endConnections({ engine }: Lines): Promise<void> {
  const { clients } = engine as unknown as { clients: Readonly<Record<string, EngineConnection>> };
  const closed = Object.values(clients).map(
    (connection) => new Promise((resolve) => connection.once("close", resolve)),
  );
  const patience = new AbortController();
  await Promise.race([
    Promise.all(closed),
    wait(LAST_WORDS_MS, undefined, { signal: patience.signal }).catch(() => {}),
  ]);
  patience.abort();
  for (const connection of Object.values(clients)) endConnection(connection, "serviceRestart");
  engine.close();
}
