import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { brotliKilobytes } from "../brotli.mjs";

/** What is too small to matter on its own. KB. */
const SMALL = 1;

/**
 * Each file of the viewer, after Brotli, heaviest first.
 * @param {{ dist: string }} stage
 */
export async function measure({ dist }) {
  const names = (await readdir(join(dist, "assets"))).filter((name) => /\.(js|css)$/.test(name));
  const rows = await Promise.all(
    names.map(async (name) => ({
      name: `chunk ${name.replace(/-[\w-]{8}\./, ".")}`,
      value: await brotliKilobytes(join(dist, "assets", name)),
      unit: "KB",
      limit: null,
      rival: null,
    })),
  );
  return rows.filter(({ value }) => value >= SMALL).sort((a, b) => b.value - a.value);
}
