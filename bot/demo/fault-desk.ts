import type { ServerResponse } from "node:http";
import type { Answer } from "./slack-workspace.ts";

/** Something that goes wrong with a method. */
export interface Fault {
  readonly method: string;
  /** What Slack answers; 429 with a `Retry-After`; 200 without an error: what it always does. Null: the line breaks after the work is done, and its answer is lost. */
  readonly status: number | null;
  /** Seconds. */
  readonly retryAfter?: number;
  /** Why Slack refuses it, in its own word. */
  readonly error?: string;
  /** How often; endless unless told. */
  readonly times?: number;
  /** The request is held up on its way until then, and is carried out all the same, whoever still waits for it. */
  readonly heldUp?: Promise<void>;
}

/** One request that goes wrong. */
interface Spoilt {
  /** What stands in the list of calls in the place of an answer; null when the work is done all the same. */
  readonly answer: Answer | null;
  /** Resolves when it has arrived. */
  readonly arrives: Promise<void>;
  /** Null where the answer is as it always is. */
  readonly spoil: ((response: ServerResponse) => Promise<void>) | null;
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
    const { status, retryAfter, error, heldUp: arrives = Promise.resolve() } = found.fault;
    if (status === null) return { answer: null, arrives, spoil: async (response) => void response.destroy() };
    if (status === 200 && error === undefined) return { answer: null, arrives, spoil: null };
    const answer = { ok: false, error: error ?? (status === 429 ? "ratelimited" : "internal_error") };
    return {
      answer,
      arrives,
      spoil: async (response) => {
        const pause = retryAfter === undefined ? {} : { "retry-after": String(retryAfter) };
        response.writeHead(status, { "content-type": "application/json", ...pause }).end(JSON.stringify(answer));
      },
    };
  }
}
