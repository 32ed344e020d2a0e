import { ClientError, type LinkFacts } from "@openmates-share/client";
import { expect, test } from "vitest";
import { BotError } from "../src/errors.ts";
import { cardMetadata } from "../src/screens/posted-card.ts";
import { CARD_CHECK_MS } from "../src/stores/card-store.ts";
import { CardSweep } from "../src/use-cases/card-sweep.ts";
import { CHAT, type FakeOptions, fakeWorkspace, KEY, SHARE_URL, unreachable } from "./fake-workspace.ts";

/** Cards that nobody touches are compared with what their links show, every ten minutes. */

const TS = "1700000000.000100";
const PASTED = { ts: TS, user: "U1", text: `look: <${SHARE_URL}>` };
const metadata = (({ type, payload }) => ({ event_type: type, event_payload: payload }))(
  cardMetadata({ sort: "shared", user: "U2", title: "Tea", password: "no" }),
);
const POSTED = { ts: TS, bot_id: "B0", text: SHARE_URL, metadata };

/** A card in a channel, kept a moment ago, and the sweep that looks after it. */
async function swept(options: FakeOptions = {}) {
  let now = 1_700_000_000_000;
  let facts: LinkFacts | Error = { mode: "read-only", messages: 3, expiresAt: null };
  const look = (): LinkFacts => {
    if (facts instanceof Error) throw facts;
    return facts;
  };
  const { workspace, done } = fakeWorkspace({ messages: [PASTED], facts: look, now: () => now, ...options });
  const failures: unknown[] = [];
  const sweep = new CardSweep({
    cards: workspace.cards,
    workspaces: { enter: async () => workspace },
    onFailure: (error) => failures.push(error),
  });
  const subject = `chat ${CHAT}`;
  await workspace.cards.keep({ team: "T1", channel: "C1", ts: TS, thread: null, subject, said: new Uint8Array(32) });
  return {
    done,
    failures,
    shows: (what: LinkFacts | Error) => {
      facts = what;
    },
    /** What the sweep does when the next look is due. */
    async later(milliseconds = CARD_CHECK_MS): Promise<[string, unknown][]> {
      now += milliseconds;
      done.slack.length = 0;
      await sweep.look();
      return [...done.slack];
    },
    kept: () => workspace.cards.of({ team: "T1", subject }),
  };
}

const gone = () => new ClientError("not_found", "There is no such chat.");

test("a card under a pasted link changes with what the link shows, and only then", async () => {
  const { shows, later } = await swept();
  expect(await later()).toMatchObject([["unfurl", { target: { channel: "C1", ts: TS } }]]);
  expect(await later()).toEqual([]);
  shows({ mode: "collaborative", messages: 4, expiresAt: 1_700_100_000_000 });
  const [[, request] = []] = await later();
  const text = JSON.stringify(request);
  for (const words of ["4 messages", "open for writing", "ends <!date^1700100000", "Join the chat"])
    expect(text).toContain(words);
  expect(await later()).toEqual([]);
});

test("nobody looks before it is due", async () => {
  const { later } = await swept();
  expect(await later(CARD_CHECK_MS - 1)).toEqual([]);
  expect(await later(1)).toHaveLength(1);
});

test("a card whose link has ended says so, once, and is let go", async () => {
  const { shows, later, kept } = await swept();
  shows(gone());
  const [[method, request] = []] = await later();
  expect(method).toBe("unfurl");
  expect(JSON.stringify(request)).toContain("no longer shared");
  expect(await kept()).toEqual([]);
  expect(await later()).toEqual([]);
});

test("the bot's own card is posted anew in its place, and says when it is over", async () => {
  const { shows, later } = await swept({ messages: [POSTED] });
  const [[method, request] = []] = await later();
  expect(method).toBe("update");
  expect(request).toMatchObject({ channel: "C1", ts: TS, metadata: { payload: { title: "Tea" } } });
  for (const words of ["*Tea*", "<@U2>", "3 messages", KEY]) expect(JSON.stringify(request)).toContain(words);
  shows(gone());
  const [[, last] = []] = await later();
  expect(JSON.stringify(last)).toContain("no longer shared");
  expect(JSON.stringify(last)).not.toContain(KEY);
});

test("a card is let go when its message is, or cannot be read any more", async () => {
  const removed = await swept({ messages: [{ ts: "1700000000.000200", user: "U1", text: "another" }] });
  expect(await removed.later()).toEqual([]);
  expect(await removed.kept()).toEqual([]);
  const outside = await swept({ failures: { message: new BotError("not_in_channel", "I am not in there.") } });
  expect(await outside.later()).toEqual([]);
  expect(await outside.kept()).toEqual([]);
  expect(outside.failures).toEqual([]);
});

test("a Slack that is away is asked again later, and others' cards do not wait for it", async () => {
  const away = new BotError("slack_failed", "Slack cannot be reached.", { retryable: true });
  const { later, kept, failures } = await swept({ failures: { message: away } });
  expect(await later()).toEqual([]);
  expect(failures).toEqual([away]);
  expect(await kept()).toHaveLength(1);
});

test("a server that is away leaves the card as it is", async () => {
  const { shows, later, kept, failures } = await swept();
  await later();
  shows(unreachable());
  expect(await later()).toEqual([]);
  expect(failures).toMatchObject([{ code: "unreachable" }]);
  expect(await kept()).toHaveLength(1);
});
