import type { Server as HttpServer } from "node:http";
import type { PrismaClient } from "@openmates-share/prisma";
import type { Category, ChatId, ServiceInfo } from "@openmates-share/protocol/wire";
import type { Gate } from "../access/gate.ts";
import type { Revocations } from "../access/revocations.ts";
import type { Sessions } from "../accounts/sessions.ts";
import type { Membership } from "../chats/membership.ts";
import { ReadMarks } from "../chats/read-marks.ts";
import type { Cluster } from "../cluster/cluster.ts";
import type { Log } from "../cluster/redis-line.ts";
import type { Config } from "../config.ts";
import { WireFailure } from "../http/failure.ts";
import { MemoryLimiter } from "../limits/memory-limiter.ts";
import { openMate } from "../mate/index.ts";
import type { Committer } from "../messages/committer.ts";
import type { MessageStore } from "../messages/message-store.ts";
import { countingLimiter } from "../metrics/counting-limiter.ts";
import { countingNews } from "../metrics/counting-news.ts";
import { type Gauges, Metrics } from "../metrics/metrics.ts";
import type { Vault } from "../vault/vault.ts";
import { AccessWatch } from "./access-watch.ts";
import { Arrivals } from "./arrivals.ts";
import { askHandler } from "./ask.ts";
import { Changes } from "./changes.ts";
import { Deliveries } from "./deliveries.ts";
import { type Answering, acknowledgement, type Listener, listener } from "./event-handler.ts";
import { frameOnce } from "./frame-once.ts";
import { handshake } from "./handshake.ts";
import { historyHandler } from "./history.ts";
import { joinHandler } from "./join.ts";
import { leaveHandler } from "./leave.ts";
import type { Line } from "./line.ts";
import { MembersAllowance } from "./members-allowance.ts";
import { endConnections, openLines } from "./open-lines.ts";
import { answererOf, answerHandler, relayHandler, settleHandler } from "./own-answers.ts";
import type { SocketParts } from "./parts.ts";
import { readHandler } from "./read.ts";
import { ReadNews } from "./read-news.ts";
import { Rooms } from "./rooms.ts";
import { Seats } from "./seats.ts";
import { sendHandler } from "./send.ts";
import { SessionWatch } from "./session-watch.ts";
import { stopHandler } from "./stop.ts";
import { Turns } from "./turns.ts";
import { typingHandler } from "./typing.ts";

export interface SocketOptions {
  readonly http: HttpServer;
  readonly gate: Gate;
  readonly sessions: Sessions;
  readonly committer: Committer;
  readonly messages: MessageStore;
  readonly membership: Membership;
  readonly revocations: Revocations;
  /** Stays the caller's to stop, after the socket. */
  readonly cluster: Cluster;
  readonly database: PrismaClient;
  readonly vault: Vault;
  readonly config: Pick<Config, "mate" | "trustedProxies">;
  readonly log: Log;
  /** What a chat is about, as far as everybody may know; nothing of any unless told. */
  readonly categoryOf?: (chat: ChatId) => Promise<Category | null>;
  readonly metrics?: Metrics;
  /** How often rooms are told what they may have missed, milliseconds. */
  readonly lookRoundMs?: number;
}

export interface RunningSocket extends Pick<Gauges, "connections" | "rooms"> {
  readonly mate: ServiceInfo["mate"];
  stop(): Promise<void>;
}

/** Serves the socket on a server that listens already or will: rooms, presence, and the mate. */
export async function attachSocket(options: SocketOptions): Promise<RunningSocket> {
  const { config, log, cluster } = options;
  // Counted on this node alone: a round trip for every message would cost more than a person on many nodes may gain.
  const { metrics = new Metrics() } = options;
  const limits = countingLimiter(new MemoryLimiter(), metrics);
  const { trustedProxies } = config;
  const { lines, close } = openLines({ http: options.http, limiter: limits, trustedProxies, metrics, log });
  if (cluster.adapter) lines.adapter(cluster.adapter);
  frameOnce(lines);
  const seats = new Seats();
  const rooms = new Rooms({ lines, seats, presence: cluster.presence, log });
  const { bus, limiter, alone } = cluster;
  const changes = new Changes({ ...options, seats, rooms });
  const watch = new AccessWatch({ ...options, seats, rooms, changes, bus });
  const deliveries = new Deliveries({ ...options, alone, rooms, changes, seats, bus });
  const { categoryOf = async () => null } = options;
  const mate = await openMate({
    ...options,
    config: config.mate,
    alone,
    bus,
    limiter,
    categoryOf,
    news: countingNews(rooms, metrics),
  });

  rooms.onLeave(({ line, chat }) => void mate.own.leave(answererOf(line), chat));

  const sessionWatch = new SessionWatch({ lines, sessions: options.sessions, log });
  lines.use(handshake({ sessions: options.sessions, trustedProxies: config.trustedProxies }));
  const marks = new ReadMarks(options);
  const reads = new ReadNews({ marks, rooms, log });
  const arrivals = new Arrivals({ ...options, mate });
  const turns = new Turns();
  const known = { seats, turns, rooms, watch, marks, reads };
  const parts: SocketParts = { ...options, ...known, mate, arrivals, limits, allowance: new MembersAllowance() };
  const answering = { limiter: limits, metrics, log };
  const registering = { parts, listeners: listenersOf(parts), answering };
  lines.on("connection", (line) => {
    if (sessionWatch.admit(line)) register(line, registering);
  });

  return {
    mate: mate.info,
    connections: () => lines.engine.clientsCount,
    rooms: () => seats.chatCount,
    stop: once(async () => {
      close();
      watch.stop();
      sessionWatch.stop();
      await mate.close();
      // Whoever waits for an acknowledgement gets it before the connection ends; from now on there are no new ones.
      await options.committer.stop();
      await reads.stop();
      // Clients are told to go elsewhere, first: so nobody here need be told who of a thousand others goes.
      lines.local.disconnectSockets(true);
      // While the other nodes can still be told that these people are gone.
      await rooms.settled();
      deliveries.stop();
      await lines.of("/").adapter.close();
      await endConnections(lines);
    }),
  };
}

function listenersOf(parts: SocketParts): ReadonlyMap<string, Listener> {
  return new Map([
    listener(joinHandler(parts)),
    listener(leaveHandler(parts)),
    listener(sendHandler(parts)),
    listener(historyHandler(parts)),
    listener(typingHandler(parts)),
    listener(readHandler(parts)),
    listener(askHandler(parts)),
    listener(answerHandler(parts)),
    listener(relayHandler(parts)),
    listener(settleHandler(parts)),
    listener(stopHandler(parts)),
  ]);
}

interface Registering {
  readonly parts: SocketParts;
  readonly listeners: ReadonlyMap<string, Listener>;
  readonly answering: Answering;
}

function register(line: Line, { parts, listeners, answering }: Registering): void {
  // One for all events, instead of a listener for each: thousands of connections have them.
  line.use((event) => {
    if (!line.connected) return;
    const [name, ...args] = event as [string, ...unknown[]];
    const listen = listeners.get(name);
    if (listen) return listen(line, args, answering);
    const { code, message } = new WireFailure("bad_request", "There is no such event.");
    answering.metrics.onRefusal("socket", code);
    acknowledgement(args)({ ok: false, error: { code, message } });
  });
  line.on("disconnect", () => {
    for (const seat of parts.seats.ofLine(line)) parts.rooms.gone(seat);
  });
}

function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | null = null;
  return () => {
    done ??= work();
    return done;
  };
}
