/** Lets others wait for something to become so, without asking again and again. */
export class Watch {
  readonly #lookers = new Set<() => void>();
  readonly #patience: number;

  /** @param options.patience how long to wait for anything, in milliseconds */
  constructor(options: { patience: number }) {
    this.#patience = options.patience;
  }

  /** To be called whenever something may have become so. */
  changed(): void {
    for (const look of [...this.#lookers]) look();
  }

  /** Resolves with what `find` finds, as soon as it does. @throws Error with `complaint()` when it never does */
  until<T>(find: () => T | undefined, complaint: () => string): Promise<T> {
    return new Promise((resolve, reject) => {
      const settle = (done: () => void) => {
        clearTimeout(timer);
        this.#lookers.delete(look);
        done();
      };
      const look = () => {
        const found = find();
        if (found !== undefined) settle(() => resolve(found));
      };
      const timer = setTimeout(() => settle(() => reject(new Error(complaint()))), this.#patience);
      this.#lookers.add(look);
      look();
    });
  }
}
