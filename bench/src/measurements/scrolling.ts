import type { CDPSession, Page } from "playwright-core";
import type { BenchChat } from "../chat.ts";
import type { Measurement } from "../measurement.ts";
import { openLink, watch } from "../reader-page.ts";
import { quantile } from "../rounds.ts";
import type { Row } from "../row.ts";
import type { World } from "../world.ts";

/** One frame at 60 in a second, milliseconds. */
const FRAME = 16;
const FRAMES = 120;
const MIN_FRAMES = 30;
/** Where it is measured: parts of the whole. */
const PLACES = [0, 0.2, 0.4, 0.6, 0.8, 1];
/** As far as a finger flicks in one frame, pixels. */
const STEP = 120;
/** What a tab may hold of a chat of any length, MB. */
const MAX_HEAP = 150;
/** Leaps on the way from one place to the next. */
const JUMPS = 20;

export const scrolling: Measurement = {
  name: "scrolling",
  title: "Scrolling through a long chat in Chromium",
  async run(world) {
    const { long, short } = await scrolled(world, {
      long: await world.chat(world.scaled(100_000)),
      short: await world.chat(world.scaled(2_000)),
    });
    const rival = (pick: (figures: Figures) => number) => ({
      what: `${short.length.toLocaleString("en")} messages`,
      value: pick(short),
    });
    const compared = (what: string, options: { pick: (figures: Figures) => number } & Pick<Row, "unit">): Row => {
      return { what, value: options.pick(long), unit: options.unit, rival: rival(options.pick) };
    };
    const work =
      (share: number) =>
      ({ work: all }: Figures) =>
        quantile(all, share);
    return [
      { what: "main thread's work in a frame, p50", value: work(0.5)(long), unit: "ms", limit: { most: FRAME } },
      { what: "main thread's work in a frame, p95", value: work(0.95)(long), unit: "ms", limit: { most: FRAME } },
      { what: "main thread's own time per frame, mean", value: long.cpu, unit: "ms", limit: { most: FRAME } },
      compared("the same, beside a short chat", { pick: ({ cpu }) => cpu, unit: "ms" }),
      compared("work in a frame, p50, beside a short chat", { pick: work(0.5), unit: "ms" }),
      compared("work in a frame, p95, beside a short chat", { pick: work(0.95), unit: "ms" }),
      compared(`frames with more than ${FRAME} ms of work`, { pick: ({ work: all }) => over(all, FRAME), unit: "%" }),
      compared("from frame to frame, p95", { pick: ({ between }) => quantile(between, 0.95), unit: "ms" }),
      compared("frames that came one or more too late", {
        pick: ({ between }) => over(between, 1.5 * FRAME),
        unit: "%",
      }),
      { what: "frames with a hole where a row should be", value: long.holes, unit: "%", limit: { most: 0 } },
      compared("frames with a message that was still on its way", { pick: ({ waiting }) => waiting, unit: "%" }),
      ...PLACES.map((place, at): Row => {
        return {
          what: `JavaScript heap at ${place * 100} %`,
          value: long.heaps[at] ?? Number.NaN,
          unit: "MB",
          limit: { most: MAX_HEAP },
        };
      }),
      { what: `rows in the page, most`, value: long.rows, unit: "count", limit: { most: 200 } },
    ];
  },
};

interface Figures {
  readonly length: number;
  /** What the main thread did from a frame's beginning to the time it was free again, milliseconds. */
  readonly work: readonly number[];
  readonly between: readonly number[];
  /** The main thread's own time per frame, milliseconds on the average. */
  readonly cpu: number;
  /** Per cent of the frames. */
  readonly holes: number;
  readonly waiting: number;
  /** MB at each place, after a collection. */
  readonly heaps: readonly number[];
  readonly rows: number;
}

interface Frames {
  readonly work: number[];
  readonly between: number[];
  holes: number;
  waiting: number;
  rows: number;
}

/** Both at once, in turns, at one place after the other. */
async function scrolled(world: World, chats: Readonly<Record<"long" | "short", BenchChat>>) {
  const [long, short] = [await ScrolledChat.open(world, chats.long), await ScrolledChat.open(world, chats.short)];
  for (const [round, place] of PLACES.entries()) {
    for (const chat of round % 2 === 0 ? [long, short] : [short, long]) await chat.scrollAt(place);
  }
  return { long: await long.end(), short: await short.end() };
}

class ScrolledChat {
  readonly #world: World;
  readonly #length: number;
  readonly #page: Page;
  readonly #session: CDPSession;
  readonly #runs: Frames[] = [];
  readonly #heaps: number[] = [];
  readonly #cpu: number[] = [];
  #place = 0;

  private constructor(setup: { world: World; length: number; page: Page; session: CDPSession }) {
    this.#world = setup.world;
    this.#length = setup.length;
    this.#page = setup.page;
    this.#session = setup.session;
  }

  static async open(world: World, { url, length }: BenchChat): Promise<ScrolledChat> {
    const profile = await (await world.browser()).profile({ viewport: { width: 1440, height: 900 } });
    await watch(profile);
    const { page, verified } = await openLink(profile, url);
    await verified();
    const session = await page.context().newCDPSession(page);
    await session.send("Performance.enable", { timeDomain: "threadTicks" });
    return new ScrolledChat({ world, length, page, session });
  }

  async scrollAt(place: number): Promise<void> {
    const jumps = place === 0 ? 1 : Math.ceil(this.#world.scaled(JUMPS));
    await walk(this.#page, { from: this.#place, to: place, jumps });
    this.#place = place;
    const count = Math.max(MIN_FRAMES, this.#world.scaled(FRAMES));
    const before = await this.#cpuTime();
    // Up from the end, down from anywhere else.
    this.#runs.push(await this.#page.evaluate(scrollFor, { count, step: place === 1 ? -STEP : STEP }));
    this.#cpu.push((await this.#cpuTime()) - before);
    await this.#session.send("HeapProfiler.collectGarbage");
    this.#heaps.push((await this.#session.send("Runtime.getHeapUsage")).usedSize / 1e6);
  }

  /** What the main thread has worked so far, milliseconds of its own: what else the machine does is not in it. */
  async #cpuTime(): Promise<number> {
    const { metrics } = await this.#session.send("Performance.getMetrics");
    return (metrics.find(({ name }) => name === "TaskDuration")?.value ?? Number.NaN) * 1000;
  }

  async end(): Promise<Figures> {
    await this.#page.context().close();
    const runs = this.#runs;
    const frames = runs.flatMap(({ work }) => work).length;
    const sum = (pick: (run: Frames) => number) => runs.reduce((all, run) => all + pick(run), 0);
    return {
      length: this.#length,
      work: runs.flatMap(({ work }) => work),
      between: runs.flatMap(({ between }) => between),
      cpu: this.#cpu.reduce((all, one) => all + one, 0) / frames,
      holes: (sum(({ holes }) => holes) / frames) * 100,
      waiting: (sum(({ waiting }) => waiting) / frames) * 100,
      heaps: this.#heaps,
      rows: Math.max(...runs.map(({ rows }) => rows)),
    };
  }
}

/** Goes from one place to another by leaps, as with the scroll bar, so that much is loaded and has to be let go again. */
export async function walk(
  page: Page,
  { from, to, jumps }: { from: number; to: number; jumps: number },
): Promise<void> {
  for (let jump = 1; jump <= jumps; jump += 1) {
    const place = from + ((to - from) * jump) / jumps;
    await page.evaluate(
      (at) => scrollTo({ top: document.documentElement.scrollHeight * at, behavior: "instant" }),
      place,
    );
    await page.waitForFunction(
      () =>
        document.elementFromPoint(innerWidth / 2, innerHeight / 2)?.closest(".message-row:not([data-missing])") != null,
    );
  }
}

/** Runs in the page. */
export function scrollFor({ count, step }: { count: number; step: number }): Promise<Frames> {
  const frames: Frames = { work: [], between: [], holes: 0, waiting: 0, rows: 0 };
  const { port1, port2 } = new MessageChannel();
  const look = () => {
    const rows = [0.2, 0.5, 0.8].map((height) => {
      return document
        .elementFromPoint(innerWidth / 2, innerHeight * height)
        ?.closest<HTMLElement>(".message-row, ol, header");
    });
    if (rows.some((row) => !row)) frames.holes += 1;
    if (rows.some((row) => row?.dataset.missing !== undefined)) frames.waiting += 1;
    frames.rows = Math.max(frames.rows, document.querySelectorAll(".message-row").length);
  };
  return new Promise((resolve) => {
    let last = performance.now();
    let began = last;
    // Comes when the frame is made: after its callbacks, its styles and its layout.
    port1.onmessage = () => {
      frames.work.push(performance.now() - began);
      look();
    };
    const next = (now: number) => {
      began = performance.now();
      frames.between.push(now - last);
      last = now;
      scrollBy({ top: step, behavior: "instant" });
      port2.postMessage(null);
      if (frames.between.length < count) requestAnimationFrame(next);
      else setTimeout(() => resolve(frames), 100);
    };
    requestAnimationFrame(next);
  });
}

function over(figures: readonly number[], limit: number): number {
  return (figures.filter((figure) => figure > limit).length / figures.length) * 100;
}
