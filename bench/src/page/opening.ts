import { WorkerOpener } from "@openmates-share/client";
import { type OpeningFigures, openingFigures } from "../opening-work.ts";

declare global {
  interface Window {
    benchOpening(count: number): Promise<OpeningFigures>;
  }
}

const startWorker = () => new Worker(new URL("opener-worker.ts", import.meta.url), { type: "module" });

window.benchOpening = (count) =>
  openingFigures({ count, startWorker: (setup) => new WorkerOpener(setup, startWorker) });
