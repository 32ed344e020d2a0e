import { ClientError } from "./errors.ts";

const SHORTEST_PAUSE = 500;
/** A server that is being restarted is back within half a minute. */
const LONGEST_PAUSE = 30_000;

export interface Patience {
  /** For how long to try again what may work later, milliseconds; 0 for not at all. */
  readonly patience: number;
  readonly signal: AbortSignal | null;
  /** Told with `true` before the first pause, and with `false` when it works again. */
  readonly onWaiting: (waiting: boolean) => void;
}

/** Does something again, with growing pauses, while it fails in a way that may pass. */
export async function withRetries<T>(work: () => Promise<T>, options: Patience): Promise<T> {
  // By a clock that nobody sets.
  const until = performance.now() + options.patience;
  let waited = false;
  for (let pause = SHORTEST_PAUSE; ; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
    try {
      const result = await work();
      if (waited) options.onWaiting(false);
      return result;
    } catch (error) {
      const asked = mayPass(error);
      if (asked === null || performance.now() + Math.max(asked, pause) > until) throw error;
      options.onWaiting(true);
      waited = true;
      await passing(Math.max(asked, pause), options.signal);
    }
  }
}

/** How long the server wants to be left alone, milliseconds; null for what fails for good. */
function mayPass(error: unknown): number | null {
  if (!(error instanceof ClientError) || !error.retryable) return null;
  return (error.retryAfter ?? 0) * 1000;
}

/** Resolves after a while, or as soon as the line is back. @throws ClientError `aborted` */
function passing(pause: number, signal: AbortSignal | null): Promise<void> {
  return new Promise((resolve, reject) => {
    const ended = new AbortController();
    const timer = setTimeout(() => end(resolve), pause);
    const end = (settle: () => void) => {
      clearTimeout(timer);
      ended.abort();
      settle();
    };
    const cancel = () => end(() => reject(new ClientError("aborted", "This was cancelled.")));
    if (signal?.aborted) return cancel();
    signal?.addEventListener("abort", cancel, { signal: ended.signal });
    // Known in browsers alone.
    globalThis.addEventListener?.("online", () => end(resolve), { signal: ended.signal });
  });
}
