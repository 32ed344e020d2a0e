import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it } from "vitest";

const MAIN = fileURLToPath(new URL("../dist/main.js", import.meta.url));

it("a small run on a real server gives one JSON document, and exit code 0 whatever the figures say", async () => {
  const run = promisify(execFile)(process.execPath, [MAIN, "--small", "--json", "refusals", "deliveries", "answers"]);
  const { stdout } = await run;
  const { outcomes } = JSON.parse(stdout);
  expect(outcomes).toMatchObject([
    { name: "refusals", failure: null },
    { name: "deliveries", failure: null },
    { name: "answers", failure: null },
  ]);
  const [{ rows }, { rows: delivered }] = outcomes;
  for (const row of delivered) expect(row).toMatchObject({ rival: { value: expect.any(Number) }, limit: {} });
  expect(rows.length).toBeGreaterThan(10);
  for (const row of rows)
    expect(row).toMatchObject({ unit: "µs", rival: { what: "unknown" }, ratio: expect.any(Number) });
});
