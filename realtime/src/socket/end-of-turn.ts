/** Does what is due once, however often it became due, when this turn of the event loop has heard all there is to hear. */
export class EndOfTurn {
  #due = new Set<() => void>();

  add(work: () => void): void {
    if (this.#due.size === 0) setImmediate(() => this.#run());
    this.#due.add(work);
  }

  #run(): void {
    const due = this.#due;
    this.#due = new Set();
    for (const work of due) work();
  }
}
