import { createAdapter } from "@socket.io/redis-adapter";
import type { RedisLine } from "./redis-line.ts";

/**
 * Socket.IO's Redis adapter on our connections. It awaits none of its commands, so with bare clients a Redis that goes
 * away would end the process by an unhandled rejection; here what cannot be said is lost, and healed after the return.
 */
export function redisAdapter(line: RedisLine): ReturnType<typeof createAdapter> {
  const { commands, subscriber } = line;
  const lost = () => {};
  const publisher = {
    publish: (channel: string, message: Buffer | string) => void commands.publish(channel, message).catch(lost),
    on: () => {},
    off: () => {},
  };
  const listener = {
    subscribe: (channels: string[]) => void subscriber.subscribe(...channels).catch(lost),
    unsubscribe: (channels: string[]) => void subscriber.unsubscribe(...channels).catch(lost),
    psubscribe: (pattern: string) => void subscriber.psubscribe(pattern).catch(lost),
    punsubscribe: (pattern: string) => void subscriber.punsubscribe(pattern).catch(lost),
    on: (event: string, hear: (...args: unknown[]) => void) => void subscriber.on(event, hear),
    off: (event: string, hear: (...args: unknown[]) => void) => void subscriber.off(event, hear),
  };
  return createAdapter(publisher, listener, { key: "oms:io" });
}
