import { ClientError } from "../errors.ts";

/** How often a part is tried; with the pauses, a connection that is gone for a quarter of a minute is waited for. */
const TRIES = 6;
const FIRST_PAUSE = 250;
/** The server may ask for more patience than that; not for more than anybody has. Seconds. */
const LONGEST = 30;

/** Does it again, after growing pauses, while it fails in a way that may pass. @throws ClientError the last failure */
export async function retrying<T>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      const again = error instanceof ClientError && error.retryable && attempt < TRIES && !signal?.aborted;
      if (!again) throw error;
      const asked = Math.min(error.retryAfter ?? 0, LONGEST) * 1000;
      await pause(Math.max(asked, FIRST_PAUSE * 2 ** (attempt - 1)), signal);
    }
  }
}

/** @throws ClientError `aborted` */
async function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(new ClientError("aborted", "This was cancelled."));
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve();
    }, milliseconds);
    signal?.addEventListener("abort", stop, { once: true });
  });
}
