import { ClientError, type SealedPage, type SealJob } from "@openmates-share/client";
import { startWorker } from "../app/start-worker.ts";
import type { SealAnswer, SealRequest } from "./seal-messages.ts";
import workerUrl from "./seal-worker.ts?worker&url";

/** Seals a conversation in a worker, a page each time one is asked for: the page on the screen stays alive. */
export async function* sealInWorker(job: SealJob): AsyncGenerator<SealedPage> {
  const worker = startWorker(workerUrl);
  try {
    post(worker, { type: "start", job });
    for (;;) {
      const answer = await next(worker);
      if (answer.type === "end") return;
      if (answer.type === "failed") throw new ClientError("malformed", answer.sentence);
      yield answer.page;
    }
  } finally {
    worker.terminate();
  }
}

function next(worker: Worker): Promise<SealAnswer> {
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<SealAnswer>) => resolve(data);
    worker.onerror = () =>
      reject(new ClientError("aborted", "The encryption was stopped by the browser. Please reload the page."));
    post(worker, { type: "next" });
  });
}

function post(worker: Worker, request: SealRequest): void {
  worker.postMessage(request);
}
