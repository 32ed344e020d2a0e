import { expect, it } from "vitest";
import { judge } from "./row.ts";
import { tableOf } from "./table.ts";

it("tableOf puts what is measured beside its rival, its limit and whether it holds", () => {
  const table = tableOf("Opening", [
    judge({ what: "long", value: 123.4, unit: "ms", rival: { what: "short", value: 100 }, limit: { most: 1.2 } }),
    judge({ what: "script", value: 50_400, unit: "bytes", limit: { most: 60_000 }, note: "nine files" }),
    judge({ what: "frames", value: 1.25, unit: "%" }),
  ]);
  expect(table.split("\n")).toEqual([
    "Opening",
    "what    measured      rival          ratio  limit           holds",
    "------  ------------  -------------  -----  --------------  -----",
    "long    123 ms        short: 100 ms  1.23   ≤ 1.20          NO",
    "script  50,400 bytes                        ≤ 60,000 bytes  yes",
    "frames  1.25 %",
    "  script: nine files",
  ]);
});
