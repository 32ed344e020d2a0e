import { memoryStore, type Room, ShareClient } from "@openmates-share/client";
import type { BenchChat } from "../chat.ts";
import { Connection, fromAnotherSource } from "../connection.ts";
import type { Measurement } from "../measurement.ts";
import { openLink, watch } from "../reader-page.ts";
import { median, quantile, takeRounds, timed } from "../rounds.ts";
import type { Row } from "../row.ts";
import type { World } from "../world.ts";

/** The length of a chat may not be felt when it is opened. */
const MOST = 1.2;
const ROUNDS = 9;
/** Plain requests are quick, so there can be many. */
const REQUESTS = 1_000;

export const firstMessage: Measurement = {
  name: "first-message",
  title: "The first readable message, of short and long chats",
  async run(world) {
    const [short, hundred] = [await world.chat(10), await world.chat(100)];
    const [middle, long] = [await world.chat(world.scaled(10_000)), await world.chat(world.scaled(100_000))];
    return [
      ...(await inBrowser(world, { short, middle, long })),
      ...(await inNode(world, { short, middle, long })),
      await firstPage(world, { hundred, long }),
    ];
  },
};

interface Chats {
  readonly short: BenchChat;
  readonly middle: BenchChat;
  readonly long: BenchChat;
}

async function inBrowser(world: World, chats: Chats): Promise<Row[]> {
  const browser = await world.browser();
  const verified: Record<keyof Chats, number[]> = { short: [], middle: [], long: [] };
  const open = (name: keyof Chats) => async () => {
    // Somebody who was never here.
    const profile = await browser.profile();
    await watch(profile);
    const opened = await openLink(profile, chats[name].url);
    verified[name].push(await opened.verified());
    await profile.context.close();
    return opened.readable;
  };
  const figures = await takeRounds({ short: open("short"), middle: open("middle"), long: open("long") }, ROUNDS);
  return rowsOf("Chromium", { figures, verified, chats });
}

async function inNode(world: World, chats: Chats): Promise<Row[]> {
  const { url: server } = await world.server();
  const verified: Record<keyof Chats, number[]> = { short: [], middle: [], long: [] };
  const open = (name: keyof Chats) => async () => {
    const reader = new ShareClient({ server, store: memoryStore() });
    const start = performance.now();
    const room = await reader.open(chats[name].url, { live: false });
    await firstLoaded(room);
    const readable = performance.now() - start;
    const { integrity } = await room.whenComplete();
    if (integrity.state !== "sealed") throw new Error(`The chat is ${integrity.state} and not sealed.`);
    verified[name].push(performance.now() - start);
    await reader.close();
    return readable;
  };
  const figures = await takeRounds({ short: open("short"), middle: open("middle"), long: open("long") }, ROUNDS);
  return rowsOf("Node", { figures, verified, chats });
}

async function firstLoaded(room: Room): Promise<void> {
  if (room.state.messages.loaded.length > 0) return;
  await new Promise<void>((resolve) => {
    const end = room.subscribe(({ messages }) => {
      if (messages.loaded.length === 0) return;
      end();
      resolve();
    });
  });
}

type ByChat = Readonly<Record<keyof Chats, readonly number[]>>;

function rowsOf(
  where: string,
  { figures, verified, chats }: { figures: ByChat; verified: ByChat; chats: Chats },
): Row[] {
  const named = (name: keyof Chats) => `${chats[name].length.toLocaleString("en")} messages`;
  const rival = { what: named("short"), value: median(figures.short) };
  const spread = (all: readonly number[]) =>
    `of ${all.length}: ${Math.round(quantile(all, 0))} to ${Math.round(quantile(all, 1))} ms`;
  const readable = (["middle", "long"] as const).map((name): Row => {
    const what = `${where}: ${named(name)}, first readable`;
    return {
      what,
      value: median(figures[name]),
      unit: "ms",
      rival,
      limit: { most: MOST },
      note: spread(figures[name]),
    };
  });
  const whole = (["short", "middle", "long"] as const).map((name): Row => {
    const what = `${where}: ${named(name)}, all verified`;
    return { what, value: median(verified[name]), unit: "ms", note: spread(verified[name]) };
  });
  return [...readable, ...whole];
}

/** The server's part alone: the answer to opening, with the first page in it. */
async function firstPage(world: World, { hundred, long }: { hundred: BenchChat; long: BenchChat }): Promise<Row> {
  const connection = new Connection((await world.server()).url);
  const open =
    ({ chat, bearer }: BenchChat) =>
    () =>
      timed(async () => {
        const headers = { authorization: `Bearer ${bearer}`, ...fromAnotherSource() };
        const { status } = await connection.ask(`GET /api/chats/${chat}`, headers);
        if (status !== 200) throw new Error(`Opening a chat was answered with ${status}.`);
      });
  const figures = await takeRounds({ hundred: open(hundred), long: open(long) }, world.scaled(REQUESTS));
  connection.stop();
  return {
    what: `server: opening and the first page of ${long.length.toLocaleString("en")} messages`,
    value: median(figures.long),
    unit: "ms",
    rival: { what: "100 messages", value: median(figures.hundred) },
    limit: { most: MOST },
    note: `of ${figures.long.length} requests each`,
  };
}
