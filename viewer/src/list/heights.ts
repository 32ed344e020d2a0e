/** Rows that a new list has room for before it must grow. */
const ROOM = 1_024;

/**
 * How high the rows of a list are: measured where they were shown, and an estimate for the others. Sums are kept in two
 * binary indexed trees, so that a list of 100,000 rows answers "where is row n" and "what is at this height" in seventeen
 * steps, and a row that turns out higher costs as little. CSS pixels; indexes from 0.
 */
export class Heights {
  #length = 0;
  #capacity = ROOM;
  #estimate: number;
  /** Per row; -1 where nothing was measured. */
  #rows = new Float64Array(ROOM).fill(-1);
  #sums = new Float64Array(ROOM + 1);
  #counts = new Int32Array(ROOM + 1);
  #measured = 0;
  #measuredSum = 0;

  constructor(options: { length: number; estimate: number }) {
    this.#estimate = options.estimate;
    this.resize(options.length);
  }

  get length(): number {
    return this.#length;
  }

  get total(): number {
    return this.offsetOf(this.#length);
  }

  /** What a row counts for that was not measured. */
  get estimate(): number {
    return this.#estimate;
  }

  /** Takes the average of what was measured as the estimate, once that says something. */
  learn(): void {
    if (this.#measured >= 10) this.#estimate = this.#measuredSum / this.#measured;
  }

  /** The measured height of a row, or null. */
  knownOf(index: number): number | null {
    const height = index < this.#length ? this.#rows[index] : undefined;
    return height === undefined || height < 0 ? null : height;
  }

  heightOf(index: number): number {
    return this.knownOf(index) ?? this.#estimate;
  }

  /** Where a row begins; `length` gives where the last one ends. */
  offsetOf(index: number): number {
    let sum = 0;
    let count = 0;
    const end = Math.max(0, Math.min(index, this.#length));
    for (let node = end; node > 0; node -= node & -node) {
      sum += this.#sums[node] ?? 0;
      count += this.#counts[node] ?? 0;
    }
    return sum + (end - count) * this.#estimate;
  }

  /** The row that covers this offset; the first or the last one outside of the list. */
  indexAt(offset: number): number {
    let index = 0;
    let rest = offset;
    for (let step = this.#capacity; step > 0; step >>= 1) {
      const next = index + step;
      if (next > this.#length) continue;
      const height = (this.#sums[next] ?? 0) + (step - (this.#counts[next] ?? 0)) * this.#estimate;
      if (height > rest) continue;
      index = next;
      rest -= height;
    }
    return Math.max(0, Math.min(index, this.#length - 1));
  }

  /** @returns whether that changes anything a person could see */
  set(index: number, height: number): boolean {
    if (index < 0 || index >= this.#length) return false;
    const before = this.knownOf(index);
    if (before !== null && Math.abs(before - height) < 0.1) return false;
    this.#rows[index] = height;
    this.#add(index, { height: height - (before ?? 0), count: before === null ? 1 : 0 });
    return true;
  }

  /** The list grew at its end, or lost what was there. */
  resize(length: number): void {
    for (let index = length; index < this.#length; index += 1) this.#drop(index);
    if (length > this.#capacity) this.#enlarge(length);
    this.#length = length;
  }

  /** After a change of width, when nothing that was measured holds any more. */
  forget(): void {
    this.#rows.fill(-1);
    this.#sums.fill(0);
    this.#counts.fill(0);
    this.#measured = 0;
    this.#measuredSum = 0;
  }

  #drop(index: number): void {
    const height = this.knownOf(index);
    if (height === null) return;
    this.#add(index, { height: -height, count: -1 });
    this.#rows[index] = -1;
  }

  #add(index: number, { height, count }: { height: number; count: number }): void {
    for (let node = index + 1; node <= this.#capacity; node += node & -node) {
      this.#sums[node] = (this.#sums[node] ?? 0) + height;
      this.#counts[node] = (this.#counts[node] ?? 0) + count;
    }
    this.#measured += count;
    this.#measuredSum += height;
  }

  #enlarge(length: number): void {
    const rows = this.#rows;
    while (this.#capacity < length) this.#capacity *= 2;
    this.#rows = new Float64Array(this.#capacity).fill(-1);
    this.#sums = new Float64Array(this.#capacity + 1);
    this.#counts = new Int32Array(this.#capacity + 1);
    this.#measured = 0;
    this.#measuredSum = 0;
    for (const [index, height] of rows.entries()) {
      if (height < 0) continue;
      this.#rows[index] = height;
      this.#add(index, { height, count: 1 });
    }
  }
}
