import type { Profile } from "@openmates-share/testing/browser";
import type { Page } from "playwright-core";

/** Milliseconds since 1970, with fractions, on the page's clock. */
interface Marks {
  /** When the first message's text stood on the screen. */
  readable?: number;
  /** When the whole chain was known to be what the owner sealed. */
  verified?: number;
}

declare global {
  interface Window {
    benchMarks: Marks;
    /** The main thread's blocks since the page began: milliseconds each. Those below 50 are not told by the browser. */
    benchBlocks: number[];
  }
}

export interface OpenedPage {
  readonly page: Page;
  /** Milliseconds from the call of the link until its first message could be read. */
  readonly readable: number;
  /** The same as a point in time, milliseconds since 1970. */
  readonly readableAt: number;
  /** Milliseconds until the whole chat was verified. */
  verified(): Promise<number>;
}

/** How long a page may take, milliseconds: what takes longer hangs. */
const PATIENCE = 60_000;

/** Watches a page from its first moment on. */
export async function watch({ context }: Profile): Promise<void> {
  await context.addInitScript(observe);
}

/** Opens a link as somebody does who was sent it. The profile has to be watched. */
export async function openLink(
  profile: Profile,
  url: string,
  { patience = PATIENCE }: { patience?: number } = {},
): Promise<OpenedPage> {
  const page = await profile.context.newPage();
  const start = Date.now();
  // A page that is still loading pictures or fonts can be read.
  await page.goto(url, { waitUntil: "commit" });
  const readableAt = await mark(page, "readable", patience);
  return {
    page,
    readable: readableAt - start,
    readableAt,
    verified: async () => (await mark(page, "verified", patience)) - start,
  };
}

async function mark(page: Page, name: keyof Marks, timeout: number): Promise<number> {
  const handle = await page.waitForFunction((which) => window.benchMarks?.[which], name, {
    polling: 20,
    timeout,
  });
  return (await handle.jsonValue()) ?? Number.NaN;
}

/** Runs in the page. */
function observe(): void {
  const marks: Marks = {};
  let found = false;
  window.benchMarks = marks;
  window.benchBlocks = [];
  const now = () => performance.timeOrigin + performance.now();
  const observer = new MutationObserver(() => {
    if (!found && document.querySelector(".message:not(.far) .markdown:not(.plain)")?.textContent) {
      found = true;
      // It is drawn once the frame that is being made is over.
      requestAnimationFrame(() =>
        setTimeout(() => {
          marks.readable = now();
        }),
      );
    }
    if (document.querySelector(".integrity.good")) {
      marks.verified = now();
      if (found) observer.disconnect();
    }
  });
  observer.observe(document, { childList: true, subtree: true, attributes: true, attributeFilter: ["class"] });
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) window.benchBlocks.push(duration);
  }).observe({ type: "longtask", buffered: true });
}
