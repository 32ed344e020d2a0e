import { type ChatId, type MessageId, newId, type SenderId } from "@openmates-share/protocol/wire";
import { describe, expect, test } from "vitest";
import type { AccountId } from "../accounts/account-id.ts";
import { type Pending, Waiting } from "./waiting.ts";

const [a, b] = [newId<ChatId>(), newId<ChatId>()];

function pending(chat: ChatId, { size = 1, id = newId<MessageId>() }: { size?: number; id?: MessageId } = {}): Pending {
  const message = { id, sender: newId<SenderId>(), envelope: new Uint8Array(size) };
  const author = { type: "account", account: newId() as string as AccountId } as const;
  return { request: { chat, author, message }, resolve: () => undefined, reject: () => undefined };
}

function waitingFor(all: readonly Pending[]): Waiting {
  const waiting = new Waiting();
  for (const one of all) waiting.add(one);
  return waiting;
}

const NOBODY = new Set<ChatId>();

describe("messages that wait", () => {
  test("are taken in the order of each chat, and none of a chat that is busy", () => {
    const all = [pending(a), pending(b), pending(a)];
    const waiting = waitingFor(all);
    expect(waiting.take(new Set([b]))).toEqual([all[0], all[2]]);
    expect(waiting.count).toBeGreaterThan(0);
    expect(waiting.take(NOBODY)).toEqual([all[1]]);
    expect(waiting).toMatchObject({ count: 0, bytes: 0 });
  });

  test("are never in one commit with the same message once more, nor overtaken by those behind it", () => {
    const id = newId<MessageId>();
    const all = [pending(a, { id }), pending(a, { id }), pending(a)];
    const waiting = waitingFor(all);
    expect(waiting.take(NOBODY)).toEqual([all[0]]);
    expect(waiting.take(NOBODY)).toEqual([all[1], all[2]]);
  });

  test("of a chat with many leave the next commit to the others first", () => {
    const many = Array.from({ length: 700 }, () => pending(a));
    const other = pending(b);
    const waiting = waitingFor([...many, other]);
    const first = waiting.take(NOBODY);
    expect(first).toEqual(many.slice(0, first.length));
    expect(first.length).toBeLessThan(many.length);
    expect(waiting.take(NOBODY)[0]).toBe(other);
  });

  test("are taken one at a time when each fills a commit", () => {
    const large = [pending(a, { size: 5 << 20 }), pending(a, { size: 5 << 20 })];
    const waiting = waitingFor(large);
    expect(waiting.bytes).toBe(10 << 20);
    expect(waiting.take(NOBODY)).toEqual([large[0]]);
    expect(waiting.bytes).toBe(5 << 20);
  });
});
