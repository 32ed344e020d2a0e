/** One frame at 60 Hz. Milliseconds. */
const FRAME = 16;
/** What a tab may hold of a chat of any length. MB. */
const HEAP = 150;
const FRAMES = 600;

/**
 * Scrolls through a long chat, a little in each frame: what the main thread works per frame, and what stays in memory.
 * @param {{ messages: number, browser: () => Promise<import("playwright-core").Browser>, longChat: () => Promise<string> }} stage
 */
export async function measure({ messages, browser, longChat }) {
  const context = await (await browser()).newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  await page.goto(await longChat());
  await page.locator(".message").first().waitFor();
  const session = await context.newCDPSession(page);
  await session.send("Performance.enable");
  const before = await metrics(session);
  const slow = await page.evaluate(scrollFor, FRAMES);
  const after = await metrics(session);
  // To other parts of it, so that what is kept has to be let go again.
  for (const part of [0.2, 0.4, 0.6, 0.8, 0.5]) {
    await page.evaluate((at) => scrollTo(0, document.documentElement.scrollHeight * at), part);
    await page.locator(".message-row:not([data-missing])").first().waitFor();
  }
  await session.send("HeapProfiler.collectGarbage");
  const { JSHeapUsedSize = 0 } = await metrics(session);
  await context.close();
  const work = (((after.TaskDuration ?? 0) - (before.TaskDuration ?? 0)) * 1000) / FRAMES;
  const of = `scrolling through ${messages.toLocaleString("en")}`;
  return [
    { name: `${of}, work per frame`, value: work, unit: "ms", limit: FRAME, rival: null },
    { name: `${of}, frames later than 2 × 16 ms`, value: (slow / FRAMES) * 100, unit: "%", limit: null, rival: null },
    { name: `${of}, JavaScript heap`, value: JSHeapUsedSize / 1e6, unit: "MB", limit: HEAP, rival: null },
  ];
}

/** @param {number} frames */
function scrollFor(frames) {
  return new Promise((resolve) => {
    let slow = 0;
    let left = frames;
    let last = performance.now();
    const step = (/** @type {number} */ now) => {
      if (now - last > 33) slow += 1;
      last = now;
      scrollBy({ top: 60, behavior: "instant" });
      left -= 1;
      if (left === 0) resolve(slow);
      else requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  });
}

/** @param {import("playwright-core").CDPSession} session */
async function metrics(session) {
  const { metrics: list } = await session.send("Performance.getMetrics");
  return Object.fromEntries(list.map(({ name, value }) => [name, value]));
}
