import { startWorker } from "../app/start-worker.ts";
import { BoundedWorker } from "./bounded-worker.ts";
import type { Lexed, LexOptions } from "./lex.ts";
import lexWorker from "./lex-worker.ts?worker&url";

export interface LexTask extends LexOptions {
  readonly text: string;
}

/**
 * Up to here a text is read on the page's own thread, at once. The worst ones that we know take 0.4 s at this length,
 * ordinary ones 2 ms; longer ones go to a worker that is ended when it takes too long. UTF-16 units.
 */
export const MAX_AT_ONCE = 16_000;

/** Milliseconds: an ordinary text of 2 MB takes half of it. What takes longer is shown as it was written. */
const LIMIT = 3_000;

const worker = new BoundedWorker<LexTask, Lexed>({ start: () => startWorker(lexWorker), limit: LIMIT });

/** Null: it cannot be read in time. */
export function lexLong(task: LexTask): Promise<Lexed | null> {
  return worker.run(task);
}
