import { createRequire } from "node:module";
import { join } from "node:path";
import { run } from "./command.mjs";
import { Problem } from "./problem.mjs";

const QUIET = { TURBO_TELEMETRY_DISABLED: "1", TURBO_NO_UPDATE_NOTIFIER: "1", DO_NOT_TRACK: "1", FORCE_COLOR: "0" };

/**
 * Builds what has changed since it was last built.
 * @param {{ root: string, progress: import("./progress.mjs").Progress, signal: AbortSignal }} options
 */
export async function build({ root, progress, signal }) {
  await progress.phase({ doing: "building", done: "built" }, async () => {
    const turbo = createRequire(join(root, "package.json")).resolve("turbo/bin/turbo");
    const args = [turbo, "run", "build", "--output-logs=errors-only"];
    const { code, output } = await run(process.execPath, args, { cwd: root, env: QUIET, signal });
    if (code !== 0) throw new Problem(`The build failed:\n\n${output.trim()}\n`);
  });
}
