/**
 * Reads once for all who ask for the same before the reading begins. Whoever asks gets what is read after that, never what
 * was being read already: so a change that came before the question is always in the answer. A thousand people who come
 * into one chat at once cost it a few readings.
 */
export class NextRead<Answer> {
  readonly #running = new Map<string, Promise<unknown>>();
  readonly #next = new Map<string, Promise<Answer>>();

  /** @param key the same for the same question */
  get(key: string, read: () => Promise<Answer>): Promise<Answer> {
    const planned = this.#next.get(key);
    if (planned !== undefined) return planned;
    const before = this.#running.get(key) ?? Promise.resolve();
    const next = before.then(() => this.#begin(key, read));
    this.#next.set(key, next);
    return next;
  }

  #begin(key: string, read: () => Promise<Answer>): Promise<Answer> {
    this.#next.delete(key);
    const answer = read();
    const end = () => {
      if (this.#running.get(key) === done) this.#running.delete(key);
    };
    const done = answer.then(end, end);
    this.#running.set(key, done);
    return answer;
  }
}
