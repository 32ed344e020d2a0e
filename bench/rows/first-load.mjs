import { join } from "node:path";
import { brotliKilobytes } from "../brotli.mjs";

/** Our promise for what is needed before a text share can be read. KB after Brotli. */
const LIMITS = { js: 60, css: 12 };

/** Asked for while the first message is being drawn, and not needed to read it: the live line and the tools for reading. */
const BESIDE = /^\/assets\/(connection|reading|reading-tools|fold)-/;

/**
 * Opens a share in a fresh browser and weighs what was fetched until its first message could be read.
 * @param {{ dist: string, browser: () => Promise<import("playwright-core").Browser>, shortChat: () => Promise<string> }} stage
 */
export async function measure({ dist, browser, shortChat }) {
  const link = await shortChat();
  const context = await (await browser()).newContext();
  const page = await context.newPage();
  /** @type {string[]} */
  const fetched = [];
  let reading = false;
  page.on("request", (request) => {
    const { pathname } = new URL(request.url());
    const asset = /^\/assets\/.*\.(js|css)$/.test(pathname) && !BESIDE.test(pathname);
    if (!reading && asset) fetched.push(pathname);
  });
  await page.goto(link);
  await page.locator(".message:not(.far) .markdown:not(.plain)").first().waitFor();
  reading = true;
  await context.close();
  const sum = async (/** @type {string} */ kind) => {
    const paths = [...new Set(fetched)].filter((path) => path.endsWith(`.${kind}`));
    const sizes = await Promise.all(paths.map((path) => brotliKilobytes(join(dist, path))));
    return sizes.reduce((all, size) => all + size, 0);
  };
  return [
    row("first load, JavaScript", await sum("js"), LIMITS.js),
    row("first load, style sheets", await sum("css"), LIMITS.css),
  ];
}

/**
 * @param {string} name
 * @param {number} value
 * @param {number} limit
 */
function row(name, value, limit) {
  return { name, value, unit: "KB", limit, rival: null };
}
