import { startWorker } from "../app/start-worker.ts";
import workerUrl from "./import-worker.ts?worker&url";

export function startImportWorker(): Worker {
  return startWorker(workerUrl);
}
