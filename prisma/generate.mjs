// Writes the database client into src/generated. The generator runs without a schema engine, yet the CLI wants to download
// one first; naming any executable as that engine keeps it from trying.
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const cli = join(dirname(createRequire(import.meta.url).resolve("prisma/package.json")), "build/index.js");
const { status, stdout, stderr } = spawnSync(
  process.execPath,
  [cli, "generate", "--no-hints", "--schema", join(here, "schema.prisma")],
  {
    cwd: here,
    encoding: "utf8",
    env: {
      ...process.env,
      PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
      PRISMA_HIDE_UPDATE_MESSAGE: "1",
      CHECKPOINT_DISABLE: "1",
    },
  },
);
if (status !== 0) {
  process.stderr.write(`${stdout}${stderr}`);
  process.exit(status ?? 1);
}
