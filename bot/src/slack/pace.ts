import { webApi } from "@slack/bolt";
import { BotError } from "../errors.ts";

/** How long a call may wait for Slack's leave, all in all, unless its caller says otherwise. */
const PATIENCE_MS = 60_000;

/**
 * Obeys `Retry-After`: per workspace and method, nothing goes out before Slack wants to hear it again, and other methods
 * go on (docs.slack.dev, "Rate limits").
 */
export class Pace {
  readonly #until = new Map<string, number>();
  readonly #now: () => number;
  readonly #pause: (milliseconds: number, signal: AbortSignal | undefined) => Promise<void>;

  constructor(options: { now?: () => number; pause?: (milliseconds: number) => Promise<void> } = {}) {
    this.#now = options.now ?? Date.now;
    this.#pause = options.pause ?? pause;
  }

  /** @throws BotError `slack_busy` when that would take longer than the patience; and what the call throws */
  async call<T>(
    method: string,
    work: () => Promise<T>,
    { patience = PATIENCE_MS, signal }: { patience?: number; signal?: AbortSignal | undefined } = {},
  ): Promise<T> {
    const latest = this.#now() + patience;
    for (;;) {
      await this.#wait(method, { latest, signal });
      try {
        return await work();
      } catch (error) {
        if (!(error instanceof webApi.WebAPIRateLimitedError)) throw error;
        const until = this.#now() + error.retryAfter * 1000;
        this.#until.set(method, Math.max(until, this.#until.get(method) ?? 0));
      }
    }
  }

  async #wait(method: string, { latest, signal }: { latest: number; signal: AbortSignal | undefined }): Promise<void> {
    for (let until = this.#until.get(method); until !== undefined; until = this.#until.get(method)) {
      const left = until - this.#now();
      if (left <= 0) {
        this.#until.delete(method);
        return;
      }
      if (until > latest) throw slackBusy(left);
      await this.#pause(left, signal);
    }
  }
}

function slackBusy(milliseconds: number): BotError {
  const seconds = Math.ceil(milliseconds / 1000);
  const sentence = `Slack asks me to slow down. Please try again in ${seconds} seconds.`;
  return new BotError("slack_busy", sentence, { retryable: true });
}

function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = () => {
      clearTimeout(timer);
      reject(new BotError("slack_busy", "This took too long. Please try again.", { retryable: true }));
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", end);
      resolve();
    }, milliseconds);
    if (signal?.aborted) end();
    else signal?.addEventListener("abort", end, { once: true });
  });
}
