import { BotError } from "../errors.ts";
import { withoutCalls, withoutCallsSoFar } from "../slack/calling-out.ts";
import type { Block, Slack, Spot } from "../slack/slack.ts";
import { ANSWER_METADATA, answerCard, shortened, stopCard } from "./answer-message.ts";

/** Slack takes about one change of a message per second. */
const EVERY_MS = 1_200;

/** Where an answer grows, and for whom. */
export interface Place {
  readonly channel: string;
  readonly thread: string;
  readonly user: string;
  readonly team: string;
}

/** What a message says when it has grown. */
export interface LastWords {
  readonly markdown: string;
  readonly under: Block[];
  /** Whether it is an answer, for those who come to it later, and not the word that there is none. */
  readonly answered: boolean;
}

/**
 * A message that grows: by Slack's streaming where there is any, else by edits; at most about once a second, and never two
 * changes at a time. It is marked as an answer once it is whole: others take it as it is then.
 */
export class GrowingMessage {
  readonly #slack: Slack;
  readonly #place: Place;
  readonly #every: number;
  readonly #onStopped: () => void;
  #state: { streamed: boolean; readonly spot: Spot } | null = null;
  /** What ends it: under the message, or a message of its own, for a stream has no room for what is not to stay. */
  #stop: { readonly under: Block[] } | { readonly apart: Spot } | null = null;
  #shown = "";
  #wanted = "";
  #work: Promise<void> | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #ended = false;

  /** @param options.onStopped told when somebody stops it by Slack's own means */
  constructor(options: { slack: Slack; place: Place; onStopped: () => void; every?: number }) {
    this.#slack = options.slack;
    this.#place = options.place;
    this.#onStopped = options.onStopped;
    this.#every = options.every ?? EVERY_MS;
  }

  /** Begins it, so that people see that somebody is at it. @throws BotError */
  async begin(): Promise<Spot> {
    const { channel, thread } = this.#place;
    const started = await this.#slack.startStream({ ...this.#place, text: "" }).catch((error: unknown) => {
      if (error instanceof BotError && error.code === "no_streaming") return null;
      throw error;
    });
    const ts = started ?? (await this.#slack.post({ channel, thread, card: answerCard("") }));
    const spot = { channel, ts };
    this.#state = { streamed: started !== null, spot };
    return spot;
  }

  /**
   * Offers everybody in the thread to stop it. Returns the message that does so where it is one of its own.
   *
   * @param value what the button has to know
   * @throws BotError
   */
  async offerStop(value: string): Promise<Spot | null> {
    if (!this.#state || this.#ended) return null;
    const card = stopCard(value);
    if (!this.#state.streamed) {
      this.#stop = { under: card.blocks };
      await this.#slack.update({ ...this.#state.spot, card: answerCard(this.#shown, { under: card.blocks }) });
      return null;
    }
    const { channel, thread } = this.#place;
    const apart = { channel, ts: await this.#slack.post({ channel, thread, card }) };
    this.#stop = { apart };
    return apart;
  }

  /** Shows this much, soon. */
  grow(markdown: string): void {
    if (this.#ended) return;
    this.#wanted = shortened(withoutCallsSoFar(markdown));
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
  async end({ markdown, ...rest }: LastWords): Promise<void> {
    const last = { ...rest, markdown: withoutCalls(markdown) };
    this.#ended = true;
    clearTimeout(this.#timer);
    await this.#work;
    if (!this.#state) await this.begin();
    const streamed = await this.#endStream(last);
    if (!streamed && this.#state) {
      const card = answerCard(last.markdown, last);
      await this.#slack.update({ ...this.#state.spot, card, metadata: metadataOf(last) });
    }
    // A button that stays says that there is nothing to be stopped any more.
    if (this.#stop && "apart" in this.#stop) await this.#slack.remove(this.#stop.apart).catch(() => undefined);
  }

  /** False where it is no stream, or Slack has ended it: then it can be edited. */
  async #endStream(last: LastWords): Promise<boolean> {
    if (!this.#state?.streamed) return false;
    const { spot } = this.#state;
    const whole = shortened(last.markdown);
    const rest = whole.startsWith(this.#shown) ? whole.slice(this.#shown.length) : `\n\n${whole}`;
    try {
      await this.#slack.stopStream({ ...spot, text: rest, blocks: [...last.under], metadata: metadataOf(last) });
      return true;
    } catch (error) {
      if (isOver(error)) return false;
      throw error;
    }
  }

  async #show(): Promise<void> {
    if (!this.#state || this.#ended) return;
    const { streamed, spot } = this.#state;
    const wanted = this.#wanted;
    if (!streamed) {
      const under = this.#stop && "under" in this.#stop ? this.#stop.under : [];
      await this.#slack.update({ ...spot, card: answerCard(wanted, { under }) });
    } else if (wanted.startsWith(this.#shown)) {
      await this.#append(spot, wanted.slice(this.#shown.length));
    }
    this.#shown = wanted;
  }

  /** A stream that Slack has ended goes on by edits, except when somebody wanted its end. */
  async #append(spot: Spot, text: string): Promise<void> {
    try {
      await this.#slack.appendStream({ ...spot, text });
    } catch (error) {
      if (!isOver(error)) throw error;
      this.#state = { streamed: false, spot };
      if (error.code === "stream_stopped") this.#onStopped();
      throw error;
    }
  }
}

function metadataOf({ answered }: LastWords) {
  return answered ? ANSWER_METADATA : null;
}

function isOver(error: unknown): error is BotError {
  return error instanceof BotError && (error.code === "stream_over" || error.code === "stream_stopped");
}
