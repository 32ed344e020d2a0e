import { fileURLToPath } from "node:url";
import type { Measurement } from "../measurement.ts";
import { type OpeningFigures, openingFigures } from "../opening-work.ts";
import { median } from "../rounds.ts";
import type { Row } from "../row.ts";
import { serveFolder } from "../serve-folder.ts";
import type { World } from "../world.ts";

const MESSAGES = 2_000;
const PAGE = fileURLToPath(new URL("page", import.meta.url));

export const opening: Measurement = {
  name: "opening",
  title: "Decrypting and verifying messages",
  async run(world) {
    const count = world.scaled(MESSAGES);
    return [
      ...rowsOf("Node", await openingFigures({ count, startWorker: null })),
      ...rowsOf("Chromium", await inBrowser(world, count)),
    ];
  },
};

async function inBrowser(world: World, count: number): Promise<OpeningFigures> {
  const files = await serveFolder(PAGE);
  try {
    const profile = await (await world.browser()).profile();
    const page = await profile.open(`${files.url}/index.html`);
    const figures = await page.evaluate((many) => window.benchOpening(many), count);
    await profile.context.close();
    return figures;
  } finally {
    await files.stop();
  }
}

function rowsOf(where: string, { single, batch, worker }: OpeningFigures): Row[] {
  const micro = (figures: readonly number[]) => median(figures) * 1000;
  const rival = { what: "one by one", value: micro(single) };
  const row = { unit: "µs", rival } as const;
  const batched = { ...row, what: `${where}: per message, 200 at once`, value: micro(batch), limit: { most: 1 } };
  const rows: Row[] = [batched];
  // A worker is there to leave the screen free, and may take a little longer.
  if (worker) rows.push({ ...row, what: `${where}: per message, 200 at once in a worker`, value: micro(worker) });
  return rows;
}
