import type { ReceiverEvent } from "@slack/bolt";
import { expect, test } from "vitest";
import { memoryEvents } from "../stores/memory-installations.ts";
import { Intake } from "./intake.ts";
import { Slots } from "./slots.ts";

function delivery(id: string | null) {
  const acks: string[] = [];
  const body = id === null ? { command: "/share" } : { type: "event_callback", event_id: id, event: {} };
  const event: ReceiverEvent = { body, ack: async () => void acks.push("ack") };
  return { event, acks };
}

/** Something to wait for. */
function gate() {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, opened };
}

test("acknowledges an event before the work on it begins", async () => {
  const { event, acks } = delivery("E1");
  await new Intake({ events: memoryEvents() }).take(event, async () => void acks.push("work"));
  expect(acks).toEqual(["ack", "work"]);
});

test("works once on what is delivered many times, on several nodes", async () => {
  const events = memoryEvents();
  const nodes = [new Intake({ events }), new Intake({ events })];
  const worked: string[] = [];
  const deliveries = nodes.flatMap((node) => Array.from({ length: 4 }, () => ({ node, ...delivery("E1") })));
  await Promise.all(deliveries.map(({ node, event }) => node.take(event, async () => void worked.push("work"))));
  expect(worked).toEqual(["work"]);
  expect(deliveries.map(({ acks }) => acks)).toEqual(Array.from({ length: 8 }, () => ["ack"]));
});

test("lets what has no event id through to its listener, which acknowledges it", async () => {
  const { event, acks } = delivery(null);
  const seen: unknown[] = [];
  const intake = new Intake({ events: memoryEvents() });
  await intake.take(event, async ({ body, ack }) => {
    seen.push(body, [...acks]);
    await ack();
  });
  expect(seen).toEqual([event.body, []]);
  expect(acks).toEqual(["ack"]);
});

test("acknowledges itself what takes its listener too long, and only once", async () => {
  const { event, acks } = delivery(null);
  const { open, opened } = gate();
  const intake = new Intake({ events: memoryEvents(), ackMs: 1 });
  const acknowledged = new Promise<void>((resolve) => {
    const ack = async () => {
      acks.push("ack");
      resolve();
    };
    void intake.take({ ...event, ack }, async (taken) => {
      await opened;
      await taken.ack();
      acks.push("work");
    });
  });
  await acknowledged;
  open();
  await new Promise(setImmediate);
  expect(acks).toEqual(["ack", "work"]);
});

test("tells of what Slack says that it has kept back", async () => {
  const told: string[] = [];
  const { event, acks } = delivery(null);
  const intake = new Intake({ events: memoryEvents(), onMissed: async (team) => void told.push(team) });
  await intake.take({ ...event, body: { type: "app_rate_limited", team_id: "T1" } }, async () => expect.fail());
  expect([acks, told]).toEqual([["ack"], ["T1"]]);
});

test("does not acknowledge more than may wait, so that Slack keeps it", async () => {
  const intake = new Intake({ events: memoryEvents(), slots: new Slots({ atOnce: 1, mostWaiting: 1 }) });
  const { open, opened } = gate();
  const first = intake.take(delivery("E1").event, () => opened);
  const second = intake.take(delivery("E2").event, () => opened);
  await new Promise(setImmediate);
  const third = delivery("E3");
  await expect(intake.take(third.event, async () => {})).rejects.toMatchObject({ code: "busy" });
  expect(third.acks).toEqual([]);
  open();
  await Promise.all([first, second]);
  await intake.take(third.event, async () => {});
  expect(third.acks).toEqual(["ack"]);
});

test("does not acknowledge what it cannot know to be new in time, and takes it when it comes again", async () => {
  const { open, opened } = gate();
  const events = memoryEvents();
  const slow = { ...events, claim: (id: string) => opened.then(() => events.claim(id)) };
  const { event, acks } = delivery("E1");
  await expect(new Intake({ events: slow, claimMs: 1 }).take(event, async () => {})).rejects.toMatchObject({
    code: "busy",
  });
  open();
  await new Promise(setImmediate);
  await new Intake({ events }).take(event, async () => void acks.push("work"));
  expect(acks).toEqual(["ack", "work"]);
});

test("keeps the order of what waits", async () => {
  const slots = new Slots({ atOnce: 1, mostWaiting: 10 });
  const order: number[] = [];
  await Promise.all([1, 2, 3].map((number) => slots.run(async () => void order.push(number))));
  expect(order).toEqual([1, 2, 3]);
});
