import { messageText } from "@openmates-share/client";
import { signal } from "@preact/signals";
import { fold } from "./fold.ts";
import type { ReadingSource } from "./reading-source.ts";

/** What a search has found so far. */
export interface Found {
  /** As it was typed. */
  readonly query: string;
  /** The rows that have it, ascending. A new list whenever it grows. */
  readonly rows: readonly number[];
  /** How many rows were looked at. */
  readonly seen: number;
  readonly state: "running" | "done" | "cancelled" | "failed";
}

const NONE: Found = { query: "", rows: [], seen: 0, state: "done" };

/** Looks through all messages of a chat, chunk by chunk, and tells what it has as it goes. */
export class Search {
  readonly found = signal<Found>(NONE);
  readonly #source: () => ReadingSource;
  #abort: AbortController | null = null;

  constructor(source: () => ReadingSource) {
    this.#source = source;
  }

  start(query: string): void {
    this.#abort?.abort();
    this.#abort = null;
    const folded = fold(query.trim());
    if (folded.trim() === "") {
      this.found.value = { ...NONE, query };
      return;
    }
    const abort = new AbortController();
    this.#abort = abort;
    this.found.value = { query, rows: [], seen: 0, state: "running" };
    void this.#run({ query, folded, signal: abort.signal });
  }

  cancel(): void {
    if (this.found.value.state !== "running") return;
    this.#abort?.abort();
    this.found.value = { ...this.found.value, state: "cancelled" };
  }

  stop(): void {
    this.#abort?.abort();
    this.found.value = NONE;
  }

  async #run({ query, folded, signal }: { query: string; folded: string; signal: AbortSignal }): Promise<void> {
    const rows: number[] = [];
    const tell = (state: Found["state"], seen: number) => {
      // A list of ten thousand is not copied for every chunk that adds nothing.
      const before = this.found.value.rows;
      this.found.value = { query, rows: rows.length === before.length ? before : [...rows], seen, state };
    };
    let seen = 0;
    try {
      for await (const messages of this.#source().read({ signal })) {
        if (signal.aborted) return;
        for (const message of messages) {
          if (fold(messageText(message)).includes(folded)) rows.push(message.index);
          seen = message.index + 1;
        }
        tell("running", seen);
      }
      if (!signal.aborted) tell("done", this.#source().length);
    } catch {
      if (!signal.aborted) tell("failed", seen);
    }
  }
}

/** The row that comes next after (or before) this one, round the end; null when there is none. */
export function rowAfter(rows: readonly number[], from: number, step: 1 | -1): number | null {
  if (rows.length === 0) return null;
  if (step === 1) return rows.find((row) => row > from) ?? rows[0] ?? null;
  return rows.findLast((row) => row < from) ?? rows.at(-1) ?? null;
}
