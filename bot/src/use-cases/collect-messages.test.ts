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

const texts = async (total: number, count: number, nth?: number) => {
  const { asked, workspace } = channel(total, nth);
  const messages = await collectMessages(workspace, { channel: "C1", count });
  return { asked, texts: messages.map(({ text }) => text) };
};

test.each([
  [10, 3, ["1", "2", "3"]],
  [2, 3, ["1", "2"]],
  [1, 1, ["1"]],
])("of %i messages the last %i", async (total, count, expected) => {
  expect((await texts(total, count)).texts).toEqual(expected);
});

test("asks for as many as are wanted, and for more only where nobody wrote", async () => {
  expect((await texts(1000, 20)).asked).toEqual([20]);
  const { asked, texts: found } = await texts(1000, 4, 2);
  expect(found).toEqual(["1", "3", "5", "7"]);
  expect(asked).toEqual([4, 20]);
});

test("does not read a channel of joins alone to its beginning", async () => {
  const { asked, workspace } = channel(1_000_000, 1);
  await expect(collectMessages(workspace, { channel: "C1", count: 200 })).rejects.toMatchObject({
    code: "no_messages",
  });
  expect(asked.length).toBeLessThanOrEqual(40);
});

test("an empty channel is said to be one", async () => {
  const { workspace } = channel(0);
  await expect(collectMessages(workspace, { channel: "C1", count: 5 })).rejects.toMatchObject({ code: "no_messages" });
});
