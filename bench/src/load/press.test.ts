import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Peer } from "./peer.ts";
import { press } from "./press.ts";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** Somebody alone in a room, whose messages come back one after the other; those after `most` are lost. */
function alone({ every, most = Number.POSITIVE_INFINITY }: { every: number; most?: number }): Peer {
  let sent = 0;
  const peer: Peer = {
    prepare: ({ size }) => new Uint8Array(size),
    send: () => {
      sent += 1;
      if (sent <= most) setTimeout(() => peer.onMessages(1), every * sent);
    },
    onMessages: () => undefined,
    skim: () => undefined,
    close: () => undefined,
  };
  return peer;
}

test("a room on a machine that is slow is waited for as long as messages come", async () => {
  const done = press([[alone({ every: 20_000 })]], { messages: 4, window: 4 });
  await vi.advanceTimersByTimeAsync(4 * 20_000);
  await expect(done).resolves.toBeGreaterThan(0);
});

test("a message that is lost ends the measurement, which says how many came", async () => {
  const done = press([[alone({ every: 1, most: 3 })]], { messages: 4, window: 4 });
  const refused = expect(done).rejects.toThrow("Of 4 messages for 1 people 3 deliveries came.");
  await vi.advanceTimersByTimeAsync(2 * 30_000);
  await refused;
});
