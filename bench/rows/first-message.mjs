const RUNS = 5;
/** However long the chat is, the same round trip shows its beginning. */
const RATIO = 1.2;

/**
 * From opening a link to the first message that can be read, in a fresh browser each time; the median.
 * @param {{ messages: number, browser: () => Promise<import("playwright-core").Browser>, shortChat: () => Promise<string>, longChat: () => Promise<string> }} stage
 */
export async function measure({ messages, browser, shortChat, longChat }) {
  const links = { short: await shortChat(), long: await longChat() };
  const times = { short: /** @type {number[]} */ ([]), long: /** @type {number[]} */ ([]) };
  // The first opening warms the server up; then in turns, so that a busy moment hits both.
  await open(await browser(), links.short);
  for (let run = 0; run < RUNS; run += 1) {
    times.short.push(await open(await browser(), links.short));
    times.long.push(await open(await browser(), links.long));
  }
  const [short, long] = [median(times.short), median(times.long)];
  const row = { unit: "ms", limit: null, rival: null };
  return [
    { ...row, name: "first message of 10", value: short },
    { ...row, name: `first message of ${messages.toLocaleString("en")}`, value: long },
    { name: "first message, long to short", value: long / short, unit: "times", limit: RATIO, rival: null },
  ];
}

/**
 * @param {import("playwright-core").Browser} browser
 * @param {string} link
 */
async function open(browser, link) {
  const context = await browser.newContext();
  const page = await context.newPage();
  const start = performance.now();
  await page.goto(link, { waitUntil: "commit" });
  await page.locator(".message").first().waitFor();
  const time = performance.now() - start;
  await context.close();
  return time;
}

/** @param {number[]} values */
function median(values) {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
}
