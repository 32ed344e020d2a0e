import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { type Browser, chromium } from "playwright-core";
import { build } from "vite";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type checkVector as CheckVector, READ_ELSEWHERE, type VectorFile } from "./vector-checks.ts";

const CHROMIUM = process.env.CHROMIUM_PATH ?? "/usr/bin/chromium";

/** The check that Node's tests use, and all it needs, as one script. */
async function bundle(): Promise<string> {
  const entry = fileURLToPath(new URL("vector-checks.ts", import.meta.url));
  const built = await build({
    configFile: false,
    logLevel: "error",
    build: { write: false, minify: false, lib: { entry, formats: ["es"], fileName: "checks" } },
  });
  const [output] = Array.isArray(built) ? built : [built];
  if (!output || !("output" in output)) throw new Error("nothing was bundled");
  return output.output[0].code;
}

function allVectors(): [section: string, vectors: VectorFile[string]][] {
  const folder = new URL("../vectors/", import.meta.url);
  const files = readdirSync(folder).filter((name) => name.endsWith(".json") && !READ_ELSEWHERE.has(name));
  return files.flatMap((file) => {
    const sections = JSON.parse(readFileSync(new URL(file, folder), "utf8")) as VectorFile;
    return Object.entries(sections).map(([section, vectors]): [string, VectorFile[string]] => [
      `${file.replace(".json", "")}/${section}`,
      vectors,
    ]);
  });
}

const PAGE = `<!doctype html><title>Vectors</title>
<script type="module">import { checkVector } from "/checks.js"; globalThis.checkVector = checkVector;</script>`;

const script = bundle();
const server = createServer(async (request, response) => {
  const isScript = request.url === "/checks.js";
  response.setHeader("content-type", isScript ? "text/javascript" : "text/html");
  response.end(isScript ? await script : PAGE);
});
let browser: Browser;

beforeAll(async () => {
  if (!existsSync(CHROMIUM)) throw new Error(`No Chromium at ${CHROMIUM}: set CHROMIUM_PATH.`);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const args = ["--no-sandbox", "--disable-quic", "--disable-background-networking", "--no-first-run"];
  browser = await chromium.launch({ executablePath: CHROMIUM, args });
});

afterAll(async () => {
  await browser?.close();
  await new Promise((resolve) => server.close(resolve));
});

it("every vector is read in Chromium as in Node", async () => {
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  const wrong = await page.evaluate(async (files) => {
    const { checkVector } = globalThis as unknown as { checkVector: typeof CheckVector };
    const found: string[] = [];
    for (const [section, vectors] of files) {
      for (const vector of vectors) {
        const problem = await checkVector(section, vector);
        if (problem) found.push(`${section} ${vector.name}: ${problem}`);
      }
    }
    return found;
  }, allVectors());
  expect(wrong).toEqual([]);
});
