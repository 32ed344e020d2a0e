import { BotError } from "../errors.ts";
import type { Block, Slack, Spot } from "../slack/slack.ts";
import { ANSWER_METADATA, answerCard, shortened } from "./answer-message.ts";

/** Slack takes about one change of a message per second. */
const EVERY_MS = 1_200;

/** Where an answer grows, and for whom. */
export interface Place {
  readonly channel: string;
  readonly thread: string;
  readonly user: string;
  readonly team: string;
}

/**
 * A message that grows: by Slack's streaming where there is any, else by edits; at most about once a second, and never two
 * changes at a time.
 */
export class GrowingMessage {
  readonly #slack: Slack;
  readonly #place: Place;
  readonly #under: Block[];
  readonly #every: number;
  #state: { readonly streamed: boolean; readonly spot: Spot } | null = null;
  #shown = "";
  #wanted = "";
  #work: Promise<void> | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #ended = false;

  /** @param options.under what stands below while it grows, where that can be */
  constructor(options: { slack: Slack; place: Place; under: Block[]; every?: number }) {
    this.#slack = options.slack;
    this.#place = options.place;
    this.#under = options.under;
    this.#every = options.every ?? EVERY_MS;
  }

  /** The message; null before it began. */
  get spot(): Spot | null {
    return this.#state?.spot ?? null;
  }

  /** Begins it, so that people see that somebody is at it. @throws BotError */
  async begin(): Promise<{ streamed: boolean; spot: Spot }> {
    const { channel, thread } = this.#place;
    const started = await this.#slack.startStream({ ...this.#place, text: "" }).catch((error: unknown) => {
      if (error instanceof BotError && error.code === "no_streaming") return null;
      throw error;
    });
    const streamed = started !== null;
    const ts = started ?? (await this.#post(channel, thread));
    this.#state = { streamed, spot: { channel, ts } };
    return this.#state;
  }

  /** Shows this much, soon. */
  grow(markdown: string): void {
    if (this.#ended) return;
    this.#wanted = shortened(markdown);
    this.#timer ??= setTimeout(() => {
      this.#work = this.#show()
        // The next change, or the end, shows it.
        .catch(() => undefined)
        .finally(() => {
          this.#timer = undefined;
          this.#work = null;
          if (this.#wanted !== this.#shown) this.grow(this.#wanted);
        });
    }, this.#every);
  }

  /** Shows all of it, and what stands below for good. @throws BotError */
  async end(markdown: string, under: Block[]): Promise<void> {
    this.#ended = true;
    clearTimeout(this.#timer);
    await this.#work;
    const { streamed, spot } = this.#state ?? (await this.begin());
    const whole = shortened(markdown);
    if (!streamed) {
      await this.#slack.update({ ...spot, card: answerCard(whole, { under }), metadata: ANSWER_METADATA });
      return;
    }
    const rest = whole.startsWith(this.#shown) ? whole.slice(this.#shown.length) : `\n\n${whole}`;
    await this.#slack.stopStream({ ...spot, text: rest, blocks: under, metadata: ANSWER_METADATA });
  }

  #post(channel: string, thread: string): Promise<string> {
    const card = answerCard("", { under: this.#under });
    return this.#slack.post({ channel, thread, card, metadata: ANSWER_METADATA });
  }

  async #show(): Promise<void> {
    if (!this.#state || this.#ended) return;
    const { streamed, spot } = this.#state;
    const wanted = this.#wanted;
    if (!streamed) {
      const card = answerCard(wanted, { under: this.#under });
      await this.#slack.update({ ...spot, card, metadata: ANSWER_METADATA });
    } else if (wanted.startsWith(this.#shown)) {
      await this.#slack.appendStream({ ...spot, text: wanted.slice(this.#shown.length) });
    }
    this.#shown = wanted;
  }
}
