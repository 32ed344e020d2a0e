import { App, type Receiver, type ReceiverEvent } from "@slack/bolt";
import { expect, test } from "vitest";
import { FirewallReceiver } from "./firewall-receiver.ts";
import { liftedOf } from "./lifted.ts";

const KEY = "q7Zk_P2-xWv9".repeat(4).slice(0, 43);
const LINK = `https://share.example.org/share/chat/AAAAAAAAAAAAAAAAAAAAAA#key=${KEY}`;

/** A receiver that a test feeds by hand. */
class HandFed implements Receiver {
  app: App | null = null;
  init(app: App): void {
    this.app = app;
  }
  start = async () => "started";
  stop = async () => "stopped";
  async feed(text: string): Promise<void> {
    const event: ReceiverEvent = {
      body: { type: "event_callback", team_id: "T1", event: { type: "message", channel: "C1", text } },
      ack: async () => {},
    };
    await this.app?.processEvent(event);
  }
}

function build() {
  const hand = new HandFed();
  const receiver = new FirewallReceiver(hand);
  const seen: unknown[] = [];
  const app = new App({
    receiver,
    convoStore: false,
    authorize: async (source, body) => {
      seen.push(source, body);
      return { botToken: "xoxb-1", botId: "B1", botUserId: "U1" };
    },
  });
  return { hand, receiver, seen, app };
}

test("neither authorisation nor middleware nor listeners see a fragment; who asks by name gets the link", async () => {
  const { hand, seen, app } = build();
  const originals: string[] = [];
  app.use(async ({ next, ...args }) => {
    seen.push(args.body, args.payload, args.context);
    await next();
  });
  app.message(async ({ body, message }) => {
    seen.push(message);
    originals.push(...liftedOf(body).links.map(({ original }) => original.reveal()));
  });
  await hand.feed(`see <${LINK}|this>`);
  expect(seen).toHaveLength(6);
  expect(JSON.stringify(seen)).not.toContain(KEY);
  expect(originals).toEqual([LINK]);
});

test("starting and stopping are the inner receiver's", async () => {
  const { receiver } = build();
  expect(await receiver.start()).toBe("started");
  expect(await receiver.stop()).toBe("stopped");
});

test("knows when everything is worked through, also what fails", async () => {
  const { hand, receiver, app } = build();
  const order: string[] = [];
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  app.error(async () => void order.push("failed"));
  app.message(async () => {
    await held;
    order.push("done");
    throw new Error("no");
  });
  const fed = hand.feed("hello");
  const idle = receiver.idle().then(() => order.push("idle"));
  release();
  await Promise.all([fed, idle]);
  expect(order).toEqual(["done", "failed", "idle"]);
});
