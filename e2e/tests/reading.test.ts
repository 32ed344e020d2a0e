import { Buffer } from "node:buffer";
import { readFile } from "node:fs/promises";
import { type DraftPart, memoryStore, ShareClient } from "@openmates-share/client";
import { launchBrowser, type TestBrowser } from "@openmates-share/testing/browser";
import { createTestDatabase, type TestDatabase } from "@openmates-share/testing/database";
import { type ServerProcess, startServer } from "@openmates-share/testing/server-process";
import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Axe } from "./axe.ts";
import { longText, shareLongChat } from "./long-chat.ts";

/** A picture of 2 × 1 pixels. */
const DOT = Buffer.from(
  "Qk0+AAAAAAAAADYAAAAoAAAAAgAAAAEAAAABABgAAAAAAAgAAAATCwAAEwsAAAAAAAAAAAAAAAD//wAAAAA=",
  "base64",
);
/** So many that they are higher together than browsers scroll exactly. */
const LONG = 20_000;
/** More than the client keeps in memory. */
const MIDDLE = 5_000;
const SHORT = 60;

let database: TestDatabase;
let server: ServerProcess;
let browser: TestBrowser;
let long: string;
let middle: string;
let short: string;

beforeAll(async () => {
  [database, browser] = await Promise.all([createTestDatabase(), launchBrowser()]);
  server = await startServer({ databaseUrl: database.databaseUrl });
  short = await shareLongChat(server.url, { title: "A short chat", length: SHORT });
  middle = await shareLongChat(server.url, { title: "A long chat", length: MIDDLE });
  long = await shareLongChat(server.url, { title: "A very long chat", length: LONG });
});

afterAll(async () => {
  await browser?.stop();
  await server?.stop();
  await database?.stop();
});

const DESKTOP = { viewport: { width: 1440, height: 900 }, acceptDownloads: true } as const;

async function reader(link: string, options: Parameters<TestBrowser["profile"]>[0] = DESKTOP) {
  const profile = await browser.profile(options);
  const page = await profile.open(link);
  await row(page, 0).waitFor();
  await page.getByRole("button", { name: "More for this chat" }).waitFor();
  return { page, profile };
}

function row(page: Page, index: number): Locator {
  return page.locator(`[data-row="${index}"]`);
}

/** The rows in the page and where they are, as a person would see them. */
function rows(page: Page): Promise<{ index: number; top: number; bottom: number }[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>("[data-row]")].map((element) => {
      const { top, bottom } = element.getBoundingClientRect();
      return { index: Number(element.dataset.row), top, bottom };
    }),
  );
}

/** Two frames: scrolling is told in the first one, and what it leads to is drawn in the second. */
function frames(page: Page): Promise<void> {
  return page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done()))));
}

/** The rows when all that is near has its form: a slow machine gives it to some while one looks already. */
async function restingRows(page: Page): ReturnType<typeof rows> {
  for (let before = await rows(page); ; ) {
    for (let frame = 0; frame < 3; frame += 1) await frames(page);
    const now = await rows(page);
    if (JSON.stringify(now) === JSON.stringify(before)) return now;
    before = now;
  }
}

function focusedRow(page: Page): Promise<string | undefined> {
  return page.evaluate(() => document.activeElement?.closest<HTMLElement>("[data-row]")?.dataset.row);
}

describe("a long chat", () => {
  it("scrolls without gaps, jumps or more than a few rows in the page", async () => {
    const { page, profile } = await reader(long);
    // Until all of it was checked, the line above the first message is another one.
    await page.getByText("Complete and unaltered").waitFor();
    await page.mouse.move(700, 450);
    const inset = await page.evaluate(() =>
      Number.parseFloat(getComputedStyle(document.documentElement).scrollPaddingTop),
    );
    for (let step = 0; step < 48; step += 1) {
      const before = await restingRows(page);
      const by = step < 30 ? 400 + (step % 5) * 100 : -500;
      const startY = await page.evaluate(() => scrollY);
      await page.mouse.wheel(0, by);
      await page.waitForFunction((y) => scrollY !== y, startY);
      await frames(page);
      const now = await rows(page);
      expect(now.length).toBeLessThan(80);
      for (const [at, { top }] of now.entries()) {
        if (at > 0) expect(Math.abs(top - (now[at - 1]?.bottom ?? 0))).toBeLessThan(1);
      }
      expect((now[0]?.index ?? 0) === 0 || (now[0]?.top ?? 0) <= 0).toBe(true);
      expect(now.at(-1)?.bottom).toBeGreaterThan(900);
      // What is read, below the header and the space that it keeps, moved by what was scrolled, and by nothing else.
      const seen = now.find(({ index, top, bottom }) => {
        const was = before.find((other) => other.index === index);
        return was !== undefined && was.bottom > inset && bottom > inset && top < 900;
      });
      const was = before.find(({ index }) => index === seen?.index);
      if (seen && was) expect(Math.abs(was.top - seen.top - by)).toBeLessThan(2);
    }
    expect(profile.complaints).toEqual([]);
  });

  it("goes to its end and back to its beginning by keys and by the menu", async () => {
    const { page } = await reader(long);
    await page.keyboard.press("Shift+G");
    await page.getByText(longText(LONG - 2)).waitFor();
    await expect.poll(() => rows(page).then((now) => now.at(-1)?.bottom)).toBeLessThan(900);
    // Until they came one soon after the other, as they have to.
    await expect
      .poll(async () => {
        for (const _ of ["g", "g"]) await page.keyboard.press("g");
        return page.getByText(longText(0)).isVisible();
      })
      .toBe(true);
    await page.getByRole("button", { name: "More for this chat" }).click();
    await page.getByRole("button", { name: "To the end" }).click();
    await page.getByText(longText(LONG - 2)).waitFor();
  });

  it("is searched as a whole, marks what it finds, and gives back the place one was at", async () => {
    const { page } = await reader(middle);
    await page.keyboard.press("/");
    const input = page.getByRole("textbox", { name: "Search in this chat" });
    await expect.poll(() => input.evaluate((element) => element === document.activeElement)).toBe(true);
    // Typing is typing, also of letters that are keys.
    await input.pressSequentially("QUÉSTION 2000:");
    await page.getByText("1 of 1", { exact: true }).waitFor();
    await page.getByText(longText(3_998)).waitFor();
    await expect
      .poll(() => page.evaluate(() => [...(CSS.highlights.get("found-current") ?? [])].map((range) => String(range))))
      .toEqual(["Question 2000:"]);
    await page.keyboard.press("Escape");
    await page.getByText(longText(0)).waitFor();
    await expect.poll(() => page.evaluate(() => scrollY)).toBe(0);
    await expect.poll(() => page.evaluate(() => CSS.highlights.size)).toBe(0);
  });

  it("opens at the message that a link names, and marks it", async () => {
    const { page, profile } = await reader(middle);
    await profile.context.grantPermissions(["clipboard-read", "clipboard-write"]);
    await page.keyboard.press("/");
    await page.getByRole("textbox", { name: "Search in this chat" }).fill("question 2200:");
    await page.getByText("1 of 1", { exact: true }).waitFor();
    await page.getByRole("button", { name: "Close the search" }).click();
    const found = row(page, 4_398);
    await found.hover();
    await found.getByRole("button", { name: "More for this message" }).click();
    await page.getByRole("button", { name: "Copy link to this message" }).click();
    await page.getByText("Link copied.").first().waitFor();
    const link = await page.evaluate(() => navigator.clipboard.readText());
    expect(link).toMatch(/#key=[\w-]{43}&message=[\w-]{22}$/);

    const other = await browser.profile(DESKTOP);
    const opened = await other.open(link);
    await opened.locator(".message.highlighted").waitFor();
    await expect.poll(() => focusedRow(opened)).toBe("4398");
    const place = async () => (await row(opened, 4_398).boundingBox())?.y ?? 0;
    await expect.poll(async () => (await place()) > 0 && (await place()) < 600).toBe(true);
  });

  it("has an outline of its questions that is searched, leads there and follows along", async () => {
    const { page } = await reader(middle);
    await page.getByRole("button", { name: "Questions", exact: true }).click();
    const outline = page.getByRole("navigation", { name: "Questions" });
    await outline.getByText("2,500 questions").waitFor();
    await outline.getByRole("textbox", { name: "Search the questions" }).fill("question 1234:");
    await outline.getByRole("button", { name: /^Question 1234:/ }).click();
    await expect.poll(() => focusedRow(page)).toBe("2466");
    await outline.getByRole("textbox", { name: "Search the questions" }).fill("");
    await outline.locator("[aria-current]").getByText("Question 1234:").waitFor();
  });
});

describe("keys", () => {
  it("go from message to message with the focus, which stays when its message leaves the page", async () => {
    const { page } = await reader(long);
    for (const expected of ["0", "1", "2", "3"]) {
      await page.keyboard.press("j");
      await expect.poll(() => focusedRow(page)).toBe(expected);
    }
    await page.keyboard.press("k");
    await expect.poll(() => focusedRow(page)).toBe("2");
    await page.mouse.move(700, 450);
    for (let step = 0; step < 12; step += 1) {
      await page.mouse.wheel(0, 900);
      await frames(page);
    }
    await expect.poll(() => row(page, 0).count()).toBe(0);
    expect(await focusedRow(page)).toBe("2");
  });

  it("reach what stands above the text without moving it", async () => {
    const { page } = await reader(short);
    await page.evaluate(() => scrollTo(0, 900));
    await page.getByRole("link", { name: "My chats" }).focus();
    const before = await restingRows(page);
    for (let step = 0; step < 3; step += 1) await page.keyboard.press("Tab");
    await page
      .getByRole("button", { name: "More for this chat", disabled: false })
      .and(page.locator(":focus"))
      .waitFor();
    expect(await restingRows(page)).toEqual(before);
  });

  it("are listed by ?, and can be switched off there", async () => {
    const { page } = await reader(short);
    await page.keyboard.press("?");
    const help = page.getByRole("dialog", { name: "Keyboard shortcuts" });
    await help.getByText("Next message").waitFor();
    await help.getByRole("checkbox").uncheck();
    await page.keyboard.press("Escape");
    await page.keyboard.press("?");
    await frames(page);
    expect(await help.count()).toBe(0);
    await page.getByRole("button", { name: "More for this chat" }).click();
    await page.getByRole("button", { name: "Keyboard shortcuts" }).click();
    await help.waitFor();
  });
});

describe("a chat is kept", () => {
  async function download(page: Page, form: "Markdown" | "JSON"): Promise<{ name: string; text: string }> {
    await page.getByRole("button", { name: "More for this chat" }).click();
    await page.getByRole("button", { name: "Download…" }).click();
    const coming = page.waitForEvent("download");
    await page.getByRole("dialog", { name: "Download this chat" }).getByRole("button", { name: form }).click();
    const file = await coming;
    return { name: file.suggestedFilename(), text: await readFile(await file.path(), "utf8") };
  }

  it("as markdown and as JSON, all of it", async () => {
    const { page } = await reader(middle);
    const markdown = await download(page, "Markdown");
    expect(markdown.name).toBe("A long chat.md");
    expect(markdown.text.startsWith("# A long chat\n")).toBe(true);
    expect(markdown.text.split("\n## Ada\n")).toHaveLength(MIDDLE / 2 + 1);
    const json = await download(page, "JSON");
    expect(json.name).toBe("A long chat.json");
    const { title, messages } = JSON.parse(json.text);
    expect(title).toBe("A long chat");
    expect(messages).toHaveLength(MIDDLE);
    expect(messages[3_457].text).toBe(longText(3_457));
  });

  it("as JSON that can be brought in again", async () => {
    const { page } = await reader(short);
    const { name, text } = await download(page, "JSON");
    const profile = await browser.profile();
    const home = await profile.open(server.url);
    const file = { name, mimeType: "application/json", buffer: Buffer.from(text) };
    await home.getByLabel("Conversation file").setInputFiles(file);
    await home.getByRole("heading", { name: "A short chat", level: 1 }).waitFor();
    await home.getByText(longText(SHORT - 2)).waitFor();
    expect(await home.getByRole("article").count()).toBe(SHORT);
  });

  it("on paper, as a whole", async () => {
    const { page } = await reader(short);
    await page.emulateMedia({ media: "print" });
    await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
    await expect.poll(() => page.locator(".message:not(.far)").count()).toBe(SHORT);
    const below = async () => {
      const [virtual, last] = await Promise.all([
        page.locator(".virtual").boundingBox(),
        row(page, SHORT - 1).boundingBox(),
      ]);
      return (virtual?.y ?? 0) + (virtual?.height ?? 0) - ((last?.y ?? 0) + (last?.height ?? 0));
    };
    await expect.poll(below).toBeGreaterThanOrEqual(-1);
  });
});

describe("on paper", () => {
  const lines = (name: string) => Array.from({ length: 90 }, (_, index) => `${name} ${index}`);
  const table = ["| Land | Degree |", "|---|---|", ...lines("row").map((row) => `| ${row} | 3 |`)].join("\n");
  const parts: readonly DraftPart[] = [
    { type: "markdown", text: `${table}\n\nBehind the table.` },
    { type: "reasoning", text: lines("thought").join("\n\n"), seconds: 3 },
    { type: "output", text: lines("output").join("\n"), tool: "python", failed: false },
    { type: "document", title: "Essay", text: lines("essay").join("\n\n"), language: null },
    { type: "image", name: "dot.bmp", mediaType: "image/bmp", alt: "", width: 2, height: 1, size: 62, source: "dot" },
  ];

  it("nothing is folded, cut off, or only there to be scrolled to", async () => {
    const owner = new ShareClient({ server: server.url, store: memoryStore() });
    const { url } = await owner.share(
      {
        title: "On paper",
        messages: [{ role: "assistant", name: "", parts, time: null, model: null }],
        attachment: async () => new Blob([DOT]),
      },
      { mode: "read-only" },
    );
    const { page } = await reader(url);
    await page.locator(".message img").scrollIntoViewIfNeeded();
    await page.locator(".message img").waitFor();
    await page.emulateMedia({ media: "print" });
    for (const name of ["row", "thought", "output", "essay"]) {
      await expect.poll(() => shownWhole(page, `${name} 89`), { message: name }).toBe(true);
    }
    await page.locator(".embed-image").scrollIntoViewIfNeeded();
    await page.locator(".message img").waitFor();
    await expect.poll(() => page.locator(".message button:visible").count()).toBe(1);
    const between = async () => {
      const [head, first] = await Promise.all([
        page.locator("thead tr").boundingBox(),
        page.locator("tbody tr").first().boundingBox(),
      ]);
      return Math.abs((head?.y ?? 0) + (head?.height ?? 0) - (first?.y ?? 0));
    };
    await expect.poll(between).toBeLessThanOrEqual(1);
  });
});

/** Whether the last place of this text is drawn, and nothing around it cuts it off. */
function shownWhole(page: Page, text: string): Promise<boolean> {
  return page.evaluate((wanted) => {
    const walker = document.createTreeWalker(document.querySelector(".message") ?? document.body, NodeFilter.SHOW_TEXT);
    let found: Text | null = null;
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (node instanceof Text && node.data.includes(wanted)) found = node;
    }
    const element = found?.parentElement;
    if (!found || !element?.checkVisibility({ contentVisibilityAuto: true, visibilityProperty: true })) return false;
    const range = document.createRange();
    range.selectNode(found);
    const { bottom } = range.getBoundingClientRect();
    for (let box: Element | null = element; box && !box.matches(".message"); box = box.parentElement) {
      const { overflowY, maskImage } = getComputedStyle(box);
      const cuts = overflowY !== "visible" || maskImage !== "none";
      if (cuts && box.getBoundingClientRect().bottom < bottom - 1) return false;
    }
    return bottom > 0;
  }, text);
}

describe("every state", () => {
  it.each([
    { name: "phone", viewport: { width: 360, height: 740 }, colorScheme: "dark" },
    { name: "desktop", viewport: { width: 1440, height: 900 }, colorScheme: "light" },
  ] as const)("has nothing serious for axe to find and does not scroll sideways on a $name", async (screen) => {
    const { viewport, colorScheme } = screen;
    const { page } = await reader(short, { viewport, colorScheme, reducedMotion: "reduce" });
    const check = async () => {
      expect(await new Axe(page).serious()).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
    };
    await check();
    await page.keyboard.press("/");
    await page.getByRole("textbox", { name: "Search in this chat" }).fill("bridges");
    await page.getByText(/^\d+ of \d+$/).waitFor();
    await check();
    await page.keyboard.press("Escape");
    await page.keyboard.press("o");
    await page.getByText("30 questions").waitFor();
    await check();
    await page.keyboard.press(viewport.width < 1_000 ? "Escape" : "o");
    await page.keyboard.press("?");
    await page.getByRole("dialog", { name: "Keyboard shortcuts" }).waitFor();
    await check();
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "More for this chat" }).click();
    await check();
    await page.getByRole("button", { name: "Download…" }).click();
    await check();
    await page.keyboard.press("Escape");
    await row(page, 0).hover();
    await row(page, 0).getByRole("button", { name: "More for this message" }).click();
    await check();
  });
});
