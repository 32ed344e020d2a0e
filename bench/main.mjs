import { startStage } from "./stage.mjs";
import { printTable } from "./table.mjs";

/**
 * `npm run bench -- [--json] [--messages=100000] [--only=first-load,scrolling]`: one file in `rows/` for each measurement.
 * Ends with 1 when a limit is broken. Build first: what is measured is what was built.
 *
 * @typedef {{ name: string, value: number, unit: string, limit: number | null, rival: string | null }} Row
 * `limit` is the most that `value` may be; `rival` says what one would compare it with.
 */
const MEASUREMENTS = ["chunks", "first-load", "first-message", "scrolling"];

const json = process.argv.includes("--json");
const messages = Number(option("messages") ?? 100_000);
const only = option("only")?.split(",") ?? MEASUREMENTS;

const stage = await startStage({ messages });
/** @type {Row[]} */
const rows = [];
try {
  for (const name of MEASUREMENTS.filter((known) => only.includes(known))) {
    const { measure } = await import(`./rows/${name}.mjs`);
    rows.push(...(await measure(stage)));
  }
} finally {
  await stage.stop();
}
if (json) console.log(JSON.stringify(rows, null, 2));
else printTable(rows);
process.exitCode = rows.some(({ value, limit }) => limit !== null && value > limit) ? 1 : 0;

/** @param {string} name */
function option(name) {
  return process.argv.find((argument) => argument.startsWith(`--${name}=`))?.slice(name.length + 3);
}
