/** What a worker answers: nothing else tells that it is alive. */
export type Answer<Result> = { readonly result: Result } | { readonly failed: true };

interface Waiting<Task, Result> {
  readonly task: Task;
  readonly settle: (result: Result | null) => void;
}

export interface BoundedWorkerOptions {
  readonly start: () => Worker;
  /** Milliseconds that one task may take. */
  readonly limit: number;
}

/** A worker with nothing to do is let go after this time, in milliseconds: it holds memory. */
const IDLE = 20_000;

/**
 * Work on hostile text, off the page's thread: one task after the other, each within a limit. A regular expression that
 * has lost its way cannot be interrupted, but the worker it runs in can be ended.
 */
export class BoundedWorker<Task, Result> {
  readonly #options: BoundedWorkerOptions;
  readonly #queue: Waiting<Task, Result>[] = [];
  #worker: Worker | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #busy = false;

  constructor(options: BoundedWorkerOptions) {
    this.#options = options;
  }

  /** Null when it failed or took too long. */
  run(task: Task): Promise<Result | null> {
    return new Promise((settle) => {
      this.#queue.push({ task, settle });
      if (!this.#busy) this.#next();
    });
  }

  /** What still waits gets null. May be called twice. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#worker?.terminate();
    this.#worker = null;
    this.#busy = false;
    for (const { settle } of this.#queue.splice(0)) settle(null);
  }

  #next(): void {
    clearTimeout(this.#timer);
    const current = this.#queue[0];
    this.#busy = current !== undefined;
    if (current === undefined) {
      this.#timer = setTimeout(() => this.stop(), IDLE);
      return;
    }
    this.#timer = setTimeout(() => this.#giveUp(), this.#options.limit);
    try {
      this.#worker ??= this.#started();
      this.#worker.postMessage(current.task);
    } catch {
      // Where there are no workers, what needs one fails alone.
      this.#giveUp();
    }
  }

  #started(): Worker {
    const worker = this.#options.start();
    worker.onmessage = ({ data }: MessageEvent<Answer<Result>>) => this.#settle("result" in data ? data.result : null);
    worker.onerror = () => this.#giveUp();
    return worker;
  }

  #giveUp(): void {
    this.#worker?.terminate();
    this.#worker = null;
    this.#settle(null);
  }

  #settle(result: Result | null): void {
    this.#queue.shift()?.settle(result);
    this.#next();
  }
}
