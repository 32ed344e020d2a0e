import { type SealedPage, sealPages } from "@openmates-share/client";
import type { SealAnswer, SealRequest } from "./seal-messages.ts";

/** Encrypts conversations beside the page. */

let pages: AsyncIterator<SealedPage> | null = null;

// The page that started this worker is the only one that can post to it.
addEventListener("message", ({ data }: MessageEvent<SealRequest>) => {
  if (data.type === "start") {
    pages = sealPages(data.job)[Symbol.asyncIterator]();
    return;
  }
  pages?.next().then(
    (next) => post(next.done ? { type: "end" } : { type: "page", page: next.value }),
    () => post({ type: "failed", sentence: "A message could not be encrypted." }),
  );
});

function post(answer: SealAnswer): void {
  postMessage(answer);
}
