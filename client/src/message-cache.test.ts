import { type MessageId, newId, type SenderId } from "@openmates-share/protocol/wire";
import { expect, it } from "vitest";
import { MessageCache } from "./message-cache.ts";
import type { RoomMessage } from "./room-state.ts";

const THROUGH = 100_000;

function messageAt(seq: number): RoomMessage {
  const body = { type: "broken", code: "wrong_key", message: "…" } as const;
  return { seq, id: newId<MessageId>(), sender: newId<SenderId>(), storedAt: 0, edited: null, doubt: null, body };
}

/** Scrolls from one number to another, page by page. */
function scroll(cache: MessageCache, { from, to, bytes }: { from: number; to: number; bytes: number }): void {
  for (let at = from; at < to; at += 200) {
    cache.focus(at, at + 30);
    for (let seq = at; seq < at + 200; seq++) cache.put(messageAt(seq), bytes);
    cache.shrink(THROUGH);
  }
}

it("keeps what is near, and no more than a few thousand messages however far one scrolls", () => {
  const cache = new MessageCache();
  scroll(cache, { from: 1, to: 20_000, bytes: 500 });
  const { loaded } = cache.window(THROUGH);
  expect(loaded.length).toBeLessThanOrEqual(4_000);
  expect(cache.has(19_900)).toBe(true);
  expect(cache.has(1)).toBe(false);
});

it("keeps fewer of large ones", () => {
  const cache = new MessageCache();
  scroll(cache, { from: 1, to: 1_000, bytes: 1 << 20 });
  expect(cache.window(THROUGH).loaded.length).toBeLessThanOrEqual(32);
  expect(cache.has(801)).toBe(true);
});

it("keeps the end, which mentions are answered from", () => {
  const cache = new MessageCache();
  for (let seq = THROUGH - 39; seq <= THROUGH; seq++) cache.put(messageAt(seq), 500);
  scroll(cache, { from: 1, to: 10_000, bytes: 500 });
  expect(cache.has(THROUGH - 39) && cache.has(THROUGH)).toBe(true);
});

it("is the same window until something changes", () => {
  const cache = new MessageCache();
  cache.put(messageAt(1), 500);
  const before = cache.window(1);
  expect(cache.window(1)).toBe(before);
  cache.put(messageAt(2), 500);
  expect(cache.window(2)).not.toBe(before);
  expect(before.at(2)).toBeUndefined();
});
