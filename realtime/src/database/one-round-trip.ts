import { setImmediate as endOfTurn } from "node:timers/promises";
import { isUnavailable } from "../http/database-failure.ts";

/** Asked of the database at once. */
const MOST = 100;

interface Asking<Question, Answer> {
  readonly question: Question;
  readonly resolve: (answer: Answer | Promise<Answer>) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Asks the database all that is asked within one turn of the event loop in one round trip: when a thousand people come at
 * once, what each question costs by itself is most of the work. Somebody alone does not wait for anybody.
 */
export class OneRoundTrip<Question, Answer> {
  readonly #ask: (questions: readonly Question[]) => Promise<readonly Answer[]>;
  #asking: Asking<Question, Answer>[] = [];

  /** @param ask answers every question, in their order */
  constructor(ask: (questions: readonly Question[]) => Promise<readonly Answer[]>) {
    this.#ask = ask;
  }

  ask(question: Question): Promise<Answer> {
    return new Promise((resolve, reject) => {
      if (this.#asking.length === 0) void endOfTurn().then(() => this.#go());
      this.#asking.push({ question, resolve, reject });
    });
  }

  #go(): void {
    const asking = this.#asking;
    this.#asking = [];
    for (let at = 0; at < asking.length; at += MOST) void this.#answer(asking.slice(at, at + MOST));
  }

  async #answer(asking: readonly Asking<Question, Answer>[]): Promise<void> {
    try {
      const answers = await this.#ask(asking.map(({ question }) => question));
      for (const [index, { resolve }] of asking.entries()) resolve(answers[index] as Answer);
    } catch (error) {
      // Something about one of them is beyond the database; the others must not suffer for it.
      const alone = asking.length > 1 && !isUnavailable(error);
      for (const one of asking) {
        if (alone) await this.#answer([one]);
        else one.reject(error);
      }
    }
  }
}
