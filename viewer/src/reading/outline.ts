import { MATE_NAME, messageText } from "@openmates-share/client";
import { signal } from "@preact/signals";
import { excerpt } from "../chat/speaker.ts";
import { fold } from "./fold.ts";
import type { ReadingSource, SpokenMessage } from "./reading-source.ts";

export interface Question {
  /** The row of the message, from 0. */
  readonly row: number;
  /** How it begins, on one line. */
  readonly text: string;
}

/** Whom a question begins with says nothing about it. */
const ADDRESSED = new RegExp(`^\\s*@${MATE_NAME}\\b[\\s,:–-]*(?=\\S)`, "i");

type Mentions = (text: string) => boolean;

/** So much of a question is kept: a line of the outline, and a little for the search in it. */
const KEPT = 140;

/** What people asked in a chat, in order; gathered when it is first wanted. */
export class Outline {
  readonly questions = signal<readonly Question[]>([]);
  readonly gathering = signal(false);
  readonly #source: () => ReadingSource;
  #abort: AbortController | null = null;
  /** How many rows the questions were gathered from. */
  #seen = 0;
  /** What was said last, if it asked the mate nothing: what was brought in asks by what comes next. */
  #open: SpokenMessage | null = null;

  constructor(source: () => ReadingSource) {
    this.#source = source;
  }

  /** Gathers the questions of what was not looked at yet. */
  async gather(): Promise<void> {
    if (this.gathering.value) return;
    const abort = new AbortController();
    this.#abort = abort;
    this.gathering.value = true;
    try {
      while (this.#seen < this.#source().length && (await this.#read(abort.signal)));
    } catch {
      // What was gathered is shown; opening the outline again gathers the rest.
    }
    if (this.#abort === abort) this.gathering.value = false;
  }

  stop(): void {
    this.#abort?.abort();
    this.#abort = null;
    this.gathering.value = false;
  }

  /** What is known to be a question now that this message is. */
  #askedWith(message: SpokenMessage, mentions: Mentions | null): readonly SpokenMessage[] {
    const open = this.#open;
    this.#open = null;
    // The mate answers whoever mentions it; other answers stand below what they answer.
    if (message.role !== "user") return open && message.kind === "assistant" ? [open] : [];
    if (!mentions || mentions(messageText(message))) return [message];
    this.#open = message;
    return [];
  }

  /** @returns whether there may be more to read */
  async #read(signal: AbortSignal): Promise<boolean> {
    const source = this.#source();
    const mentions = source.together ? (await import("./mentions.ts")).mentionsMate : null;
    for await (const messages of source.read({ signal, from: this.#seen })) {
      if (signal.aborted) return false;
      const asked = messages.flatMap((message) => this.#askedWith(message, mentions));
      const questions = asked.map((message) => ({
        row: message.index,
        text: excerpt(messageText(message).replace(ADDRESSED, ""), KEPT) || "(no text)",
      }));
      if (questions.length > 0) this.questions.value = [...this.questions.value, ...questions];
      this.#seen = Math.max(this.#seen, (messages.at(-1)?.index ?? 0) + 1);
    }
    this.#seen = Math.max(this.#seen, source.length);
    return !signal.aborted;
  }
}

/** Those that have the words; all of them for no words. */
export function questionsWith(questions: readonly Question[], words: string): readonly Question[] {
  const folded = fold(words.trim());
  return folded === "" ? questions : questions.filter(({ text }) => fold(text).includes(folded));
}

/** The place in the list of the question that is being read: the last one at or before the row; -1 before the first. */
export function currentQuestion(questions: readonly Question[], row: number): number {
  let low = 0;
  let high = questions.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((questions[middle]?.row ?? 0) <= row) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
