import { type ChatId, isId, type SenderId } from "@openmates-share/protocol/wire";
import type { NodeId } from "../cluster/node-id.ts";
import type { Log, RedisLine } from "../cluster/redis-line.ts";
import { PRESENT_AT_MOST, type Presence, type Whereabouts } from "./presence.ts";
import { SocketCounts } from "./socket-counts.ts";

const BEAT_MS = 5000;
/** A node that missed three beats is dead. */
const DEAD_AFTER_MS = 15_000;
/** Places taken from a dead node at a time: a script holds up all of Redis while it runs. */
const CLEARED_AT_ONCE = 500;

const NODES = "oms:presence:nodes";
const placesOf = (node: string) => `oms:presence:node:${node}`;
const sendersIn = (chat: ChatId) => `oms:presence:chat:${chat}`;

/** Stands among a node's places as long as the others have not given the node up. */
const KNOWN = "known";

/*
 * In Redis: for each node the set of its places ("chat sender"), for each chat a hash of senders to the number of nodes
 * that have them, and the nodes by when they are dead unless they beat again. The set decides whether the count moves, so
 * saying anything twice changes nothing. Times are Redis's own: nodes' clocks may differ.
 */

const NOW = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)`;

/** Whoever has a place has to be among the nodes: nobody would clear it away else. */
const ENTER = `${NOW}
redis.call('ZADD', KEYS[3], 'NX', now + ARGV[4], ARGV[3])
if redis.call('SADD', KEYS[1], ARGV[1]) == 0 then return 0 end
return redis.call('HINCRBY', KEYS[2], ARGV[2], 1)`;

const LEAVE = `
if redis.call('SREM', KEYS[1], ARGV[1]) == 0 then return -1 end
local left = redis.call('HINCRBY', KEYS[2], ARGV[2], -1)
if left <= 0 then redis.call('HDEL', KEYS[2], ARGV[2]) end
return left`;

/** Answers 0 when the node was unknown: new, or given up by the others. */
const BEAT = `${NOW}
redis.call('ZADD', KEYS[1], now + ARGV[2], ARGV[1])
return 1 - redis.call('SADD', KEYS[2], ARGV[3])`;

const DEAD = `${NOW}
return redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now)`;

/** Takes some places from a dead node; answers how many they were, then those whose sender is nowhere else. */
const CLEAR = `
local places = redis.call('SPOP', KEYS[1], ARGV[1])
local gone = { tostring(#places) }
for _, place in ipairs(places) do
  local chat, sender = string.match(place, '^(%S+) (%S+)$')
  if chat then
    local key = ARGV[2] .. chat
    local left = redis.call('HINCRBY', key, sender, -1)
    if left <= 0 then
      redis.call('HDEL', key, sender)
      gone[#gone + 1] = place
    end
  end
end
return gone`;

/** Presence that several nodes share. A node that dies is noticed by its missing beat and cleared by the others. */
export class RedisPresence implements Presence {
  readonly #line: RedisLine;
  readonly #node: NodeId;
  readonly #log: Log;
  readonly #counts = new SocketCounts();
  readonly #listeners = new Set<(place: Whereabouts, present: boolean) => void>();
  readonly #deadAfterMs: number;
  readonly #timer: NodeJS.Timeout;

  constructor(options: { line: RedisLine; node: NodeId; log: Log; beatMs?: number; deadAfterMs?: number }) {
    this.#line = options.line;
    this.#node = options.node;
    this.#log = options.log;
    this.#deadAfterMs = options.deadAfterMs ?? DEAD_AFTER_MS;
    this.#timer = setInterval(() => void this.beat(), options.beatMs ?? BEAT_MS);
    this.#timer.unref();
    this.#line.onRestored(() => void this.beat());
    // Known from the start: places of a node that nobody knows would never be cleared.
    void this.beat();
  }

  async enter(place: Whereabouts): Promise<boolean> {
    if (!this.#counts.add(place)) return false;
    const nodes = await this.#tellEntered(place);
    return nodes === null || nodes === 1;
  }

  async leave(place: Whereabouts): Promise<boolean> {
    if (!this.#counts.remove(place)) return false;
    const left = await this.#run(LEAVE, [placesOf(this.#node), sendersIn(place.chat)], [spell(place), place.sender]);
    return left === null || left === 0;
  }

  async present(chat: ChatId): Promise<readonly SenderId[]> {
    try {
      const senders = await this.#line.commands.hrandfield(sendersIn(chat), PRESENT_AT_MOST);
      return Array.isArray(senders) ? senders.filter((sender): sender is SenderId => isId(sender)) : [];
    } catch {
      return this.#counts.senders(chat, PRESENT_AT_MOST);
    }
  }

  onChange(listener: (place: Whereabouts, present: boolean) => void): void {
    this.#listeners.add(listener);
  }

  /** Says that this node lives, tells everything again if Redis had forgotten it, and clears away dead nodes. */
  async beat(): Promise<void> {
    try {
      const known = await this.#run(BEAT, [NODES, placesOf(this.#node)], [this.#node, this.#deadAfterMs, KNOWN]);
      if (known === null) return;
      if (known === 0) await this.#tellAgain();
      const dead = (await this.#line.commands.eval(DEAD, 1, NODES)) as string[];
      for (const node of dead) await this.#clear(node);
    } catch (error) {
      if (this.#line.connected) this.#log.warn({ err: error }, "presence cannot be kept up");
    }
  }

  /** Leaves every place, so that nobody waits for the beat to stop. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    try {
      await this.#clear(this.#node);
    } catch {
      // Without Redis the others notice by the missing beat.
    }
  }

  async #tellAgain(): Promise<void> {
    for (const place of this.#counts.all()) {
      if ((await this.#tellEntered(place)) === 1) this.#tell(place, true);
    }
  }

  /** How many nodes have the sender now; 0 when Redis knew it from this node already, null while Redis is away. */
  #tellEntered(place: Whereabouts): Promise<number | null> {
    const keys = [placesOf(this.#node), sendersIn(place.chat), NODES];
    return this.#run(ENTER, keys, [spell(place), place.sender, this.#node, this.#deadAfterMs]);
  }

  async #clear(node: string): Promise<void> {
    for (;;) {
      const [taken, ...gone] = (await this.#line.commands.eval(
        CLEAR,
        1,
        placesOf(node),
        CLEARED_AT_ONCE,
        sendersIn("" as ChatId),
      )) as string[];
      for (const spelled of gone) {
        const place = unspell(spelled);
        if (place) this.#tell(place, false);
      }
      if (Number(taken) < CLEARED_AT_ONCE) break;
    }
    // Last, so that a node that dies while clearing leaves the rest to the next one.
    await this.#line.commands.zrem(NODES, node);
  }

  #tell(place: Whereabouts, present: boolean): void {
    for (const listener of this.#listeners) listener(place, present);
  }

  /** Null while Redis is away. */
  async #run(script: string, keys: string[], args: (string | number)[]): Promise<number | null> {
    try {
      return Number(await this.#line.commands.eval(script, keys.length, ...keys, ...args));
    } catch {
      return null;
    }
  }
}

function spell({ chat, sender }: Whereabouts): string {
  return `${chat} ${sender}`;
}

function unspell(spelled: string): Whereabouts | null {
  const [chat, sender] = spelled.split(" ");
  if (!isId(chat) || !isId(sender)) return null;
  // Only the shape of an id can be seen; which of the two is which, `spell` decided.
  return { chat: chat as ChatId, sender: sender as SenderId };
}
