import { expect, test } from "vitest";
import type { Slack } from "../slack/slack.ts";
import { parseSlackMessage } from "../slack/slack-message.ts";
import { collectMessages } from "./collect-messages.ts";

/** A channel of `total` messages, newest first; every `nth` is one that nobody wrote. */
function channel(total: number, nth = Number.POSITIVE_INFINITY) {
  const asked: number[] = [];
  const slack = {
    async history({ limit, cursor }: { limit: number; cursor: string | null }) {
      asked.push(limit);
      const start = Number(cursor ?? 0);
      const end = Math.min(total, start + limit);
      const messages = Array.from({ length: end - start }, (_, index) => {
        const number = start + index + 1;
        const subtype = number % nth === 0 ? { subtype: "channel_join" } : {};
        return parseSlackMessage({
          ts: `${1_700_000_000 - number}.000100`,
          user: "U1",
          text: String(number),
          ...subtype,
        });
      }).filter((message) => message !== null);
      return { messages, next: end < total ? String(end) : null };
    },
  } as Partial<Slack> as Slack; // Nothing else is asked here.
  return { asked, workspace: { slack, self: { botId: "B0", botUser: "U0" } } };
}

const selection = { channel: "C1", thread: null, which: "last", count: 200, since: null, replies: false } as const;

const texts = async (total: number, count: number, nth?: number) => {
  const { asked, workspace } = channel(total, nth);
  const { messages } = await collectMessages(workspace, { ...selection, count });
  return { asked, texts: messages.map(({ text }) => text) };
};

test.each([
  [10, 3, ["3", "2", "1"]],
  [2, 3, ["2", "1"]],
  [1, 1, ["1"]],
])("of %i messages the last %i", async (total, count, expected) => {
  expect((await texts(total, count)).texts).toEqual(expected);
});

test("asks for as many as are wanted, and for more only where nobody wrote", async () => {
  expect((await texts(1000, 20)).asked).toEqual([20]);
  const { asked, texts: found } = await texts(1000, 4, 2);
  expect(found).toEqual(["7", "5", "3", "1"]);
  expect(asked).toEqual([4, 20]);
});

test("does not read a channel of joins alone to its beginning", async () => {
  const { asked, workspace } = channel(1_000_000, 1);
  await expect(collectMessages(workspace, selection)).rejects.toMatchObject({
    code: "no_messages",
  });
  expect(asked.length).toBeLessThanOrEqual(80);
});

test("takes those since a time, and says when there are more than it takes", async () => {
  const { workspace } = channel(500);
  const since = (1_700_000_000 - 4) * 1000;
  const few = await collectMessages(workspace, { ...selection, which: "since", since });
  expect(few).toMatchObject({ messages: [{ text: "4" }, { text: "3" }, { text: "2" }, { text: "1" }], more: false });
  const some = await collectMessages(workspace, { ...selection, which: "since", since, limit: 2 });
  expect(some).toMatchObject({ messages: [{ text: "2" }, { text: "1" }], more: true });
});

/** A thread whose first message comes with each page of two, as Slack does it. */
function threads(replies: Readonly<Record<string, readonly string[]>>) {
  const message = (ts: string, thread: string | null) =>
    parseSlackMessage({
      ts,
      user: "U1",
      text: `at ${ts}`,
      thread_ts: thread,
      reply_count: thread === null ? replies[ts]?.length : undefined,
    });
  const slack = {
    history: async () => ({
      messages: Object.keys(replies)
        .reverse()
        .map((ts) => message(ts, null))
        .filter((one) => one !== null),
      next: null,
    }),
    async replies({ thread, cursor }: { thread: string; cursor: string | null }) {
      const start = Number(cursor ?? 0);
      const all = replies[thread] ?? [];
      const page = [thread, ...all.slice(start, start + 2)].map((ts) => message(ts, thread));
      return { messages: page.filter((one) => one !== null), next: start + 2 < all.length ? String(start + 2) : null };
    },
  } as Partial<Slack> as Slack; // Nothing else is asked here.
  return { slack, self: { botId: "B0", botUser: "U0" } };
}

const stamps = ({ messages }: Awaited<ReturnType<typeof collectMessages>>) => messages.map(({ ts }) => ts);

test("reads a whole thread by pages, in order, each message once", async () => {
  const workspace = threads({ "1.1": ["1.2", "1.4", "1.6", "1.8"] });
  const thread = { ...selection, thread: "1.1", which: "all" } as const;
  expect(stamps(await collectMessages(workspace, thread))).toEqual(["1.1", "1.2", "1.4", "1.6", "1.8"]);
  expect(stamps(await collectMessages(workspace, { ...thread, which: "last", count: 2 }))).toEqual(["1.6", "1.8"]);
  expect(stamps(await collectMessages(workspace, { ...thread, after: "1.4" }))).toEqual(["1.6", "1.8"]);
});

test("puts replies behind what they reply to, if they are wanted", async () => {
  const workspace = threads({ "1.1": ["1.2", "1.4"], "1.3": [] });
  expect(stamps(await collectMessages(workspace, selection))).toEqual(["1.1", "1.3"]);
  const all = await collectMessages(workspace, { ...selection, replies: true });
  expect(stamps(all)).toEqual(["1.1", "1.2", "1.4", "1.3"]);
});

test("an empty channel is said to be one", async () => {
  const { workspace } = channel(0);
  await expect(collectMessages(workspace, selection)).rejects.toMatchObject({ code: "no_messages" });
});
