import type { Revocations } from "../access/revocations.ts";
import { MemoryLimiter } from "../limits/memory-limiter.ts";
import type { RateLimiter } from "../limits/rate-limiter.ts";
import { MemoryPresence } from "../presence/memory-presence.ts";
import type { Presence } from "../presence/presence.ts";
import { RedisPresence } from "../presence/redis-presence.ts";
import type { Bus } from "./bus.ts";
import { MemoryBus } from "./memory-bus.ts";
import { redisAdapter } from "./redis-adapter.ts";
import { RedisBus } from "./redis-bus.ts";
import { RedisLimiter } from "./redis-limiter.ts";
import { type Log, RedisLine } from "./redis-line.ts";
import { RevocationFanout } from "./revocation-fanout.ts";

/** A start does not wait longer for Redis: the node serves alone until it is there. */
const OPEN_WITHIN_MS = 3000;

/** What the nodes of one installation share; a single process shares it with nobody. */
export interface Cluster {
  /** True when no other node can be there. */
  readonly alone: boolean;
  readonly bus: Bus;
  readonly presence: Presence;
  /** Carries what goes to a room to the other nodes; null for Socket.IO's own, in memory. */
  readonly adapter: ReturnType<typeof redisAdapter> | null;
  readonly limiter: RateLimiter;
  readonly stop: () => Promise<void>;
}

/** Without a URL everything stays in this process. */
export async function openCluster(options: {
  redisUrl: string | null;
  revocations: Revocations;
  log: Log;
}): Promise<Cluster> {
  const { redisUrl, revocations, log } = options;
  if (redisUrl === null) return memoryCluster();
  const line = new RedisLine({ url: redisUrl, log });
  const bus = new RedisBus({ line, log });
  if (await line.opened(OPEN_WITHIN_MS)) await bus.listening;
  else log.warn("Redis does not answer; this node serves alone until it does");
  const presence = new RedisPresence({ line, node: bus.node, log });
  const limiter = new RedisLimiter(line);
  const fanout = new RevocationFanout({ bus, revocations, log });
  return {
    alone: false,
    bus,
    presence,
    adapter: redisAdapter(line),
    limiter,
    async stop() {
      fanout.stop();
      await limiter.stop();
      await presence.stop();
      await bus.stop();
      await line.stop();
    },
  };
}

function memoryCluster(): Cluster {
  const [bus, presence, limiter] = [new MemoryBus(), new MemoryPresence(), new MemoryLimiter()];
  return {
    alone: true,
    bus,
    presence,
    adapter: null,
    limiter,
    async stop() {
      await limiter.stop();
      await presence.stop();
      await bus.stop();
    },
  };
}
