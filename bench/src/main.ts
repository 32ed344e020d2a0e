import { availableParallelism, loadavg } from "node:os";
import { MEASUREMENTS } from "./measurements/index.ts";
import { readOptions } from "./options.ts";
import { type JudgedRow, judge } from "./row.ts";
import { tableOf } from "./table.ts";
import { World } from "./world.ts";

/** What one measurement gave. */
interface Outcome {
  readonly name: string;
  readonly title: string;
  readonly rows: readonly JudgedRow[];
  /** How busy the machine was, one minute's average at the beginning and at the end: of processes per core. */
  readonly load: readonly [number, number];
  readonly seconds: number;
  /** Why it broke off. */
  readonly failure: string | null;
}

const log = (line: string) => process.stderr.write(`${line}\n`);

process.exitCode = await main().catch((error: unknown) => {
  log(error instanceof Error ? error.message : String(error));
  return 1;
});

async function main(): Promise<number> {
  const options = readOptions(
    process.argv.slice(2),
    MEASUREMENTS.map(({ name }) => name),
  );
  const chosen = MEASUREMENTS.filter(({ name }) => options.names.length === 0 || options.names.includes(name));
  const world = new World({ small: options.small, log });
  const end = () => void world.stop().finally(() => process.exit(1));
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, end);
  const outcomes: Outcome[] = [];
  try {
    for (const measurement of chosen) {
      const outcome = await outcomeOf(measurement, world);
      outcomes.push(outcome);
      if (!options.json) console.log(`${textOf(outcome)}\n`);
    }
  } finally {
    await world.stop();
  }
  if (options.json) console.log(JSON.stringify({ cores: availableParallelism(), node: process.version, outcomes }));
  const broken = outcomes.some(({ failure }) => failure !== null);
  const missed = outcomes.some(({ rows }) => rows.some(({ holds }) => holds === false));
  return broken || (options.check && missed) ? 1 : 0;
}

async function outcomeOf(measurement: (typeof MEASUREMENTS)[number], world: World): Promise<Outcome> {
  const { name, title } = measurement;
  log(`${name} …`);
  const start = performance.now();
  const before = load();
  const finish = (rows: readonly JudgedRow[], failure: string | null): Outcome => {
    return { name, title, rows, load: [before, load()], seconds: (performance.now() - start) / 1000, failure };
  };
  try {
    return finish((await measurement.run(world)).map(judge), null);
  } catch (error) {
    return finish([], error instanceof Error ? (error.stack ?? error.message) : String(error));
  }
}

function load(): number {
  return (loadavg()[0] ?? 0) / availableParallelism();
}

function textOf({ title, rows, load: [before, after], seconds, failure }: Outcome): string {
  if (failure !== null) return `${title}\nbroke off: ${failure}`;
  const words = `load per core ${before.toFixed(1)} to ${after.toFixed(1)}, ${Math.round(seconds)} s`;
  return tableOf(`${title} (${words})`, rows);
}
