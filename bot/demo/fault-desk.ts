import type { ServerResponse } from "node:http";
import type { Answer } from "./slack-workspace.ts";

/** Something that goes wrong with a method. */
export interface Fault {
  readonly method: string;
  /** What Slack answers; 429 with a `Retry-After`. Null: the line breaks after the work is done, and its answer is lost. */
  readonly status: number | null;
  /** Seconds. */
  readonly retryAfter?: number;
  /** Why Slack refuses it, in its own word. */
  readonly error?: string;
  /** How often; endless unless told. */
  readonly times?: number;
}

/** One request that goes wrong. */
interface Spoilt {
  /** What stands in the list of calls in the place of an answer; null when the work is done all the same. */
  readonly answer: Answer | null;
  spoil(response: ServerResponse): Promise<void>;
}

/** Slack's bad days: methods that are throttled, out of order, or do their work and never say so. */
export class FaultDesk {
  readonly #faults: { fault: Fault; left: number }[] = [];

  add(fault: Fault): void {
    this.#faults.push({ fault, left: fault.times ?? Number.POSITIVE_INFINITY });
  }

  /** From now on everything works. */
  clear(): void {
    this.#faults.length = 0;
  }

  take(method: string): Spoilt | null {
    const found = this.#faults.find(({ fault, left }) => left > 0 && fault.method === method);
    if (!found) return null;
    found.left -= 1;
    const { status, retryAfter, error } = found.fault;
    if (status === null) return { answer: null, spoil: async (response) => void response.destroy() };
    const answer = { ok: false, error: error ?? (status === 429 ? "ratelimited" : "internal_error") };
    return {
      answer,
      spoil: async (response) => {
        const pause = retryAfter === undefined ? {} : { "retry-after": String(retryAfter) };
        response.writeHead(status, { "content-type": "application/json", ...pause }).end(JSON.stringify(answer));
      },
    };
  }
}
