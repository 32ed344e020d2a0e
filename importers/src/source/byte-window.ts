/** The part of a stream that is still needed: the pieces that came since a place, without copying them before it must be. */
export class ByteWindow {
  #pieces: { readonly at: number; readonly bytes: Uint8Array }[] = [];
  #end = 0;

  /** Bytes held, counted from the first piece. */
  get size(): number {
    return this.#end - (this.#pieces[0]?.at ?? this.#end);
  }

  /** Bytes that came, held or not. */
  get end(): number {
    return this.#end;
  }

  add(bytes: Uint8Array): void {
    this.#pieces.push({ at: this.#end, bytes });
    this.#end += bytes.length;
  }

  /** Lets go of pieces that end before `at`. */
  dropBefore(at: number): void {
    const first = this.#pieces.findIndex((piece) => piece.at + piece.bytes.length > at);
    this.#pieces = first < 0 ? [] : first === 0 ? this.#pieces : this.#pieces.slice(first);
  }

  /** The bytes from `start` to before `end`, all of which are held. */
  slice(start: number, end: number): Uint8Array {
    const first = this.#pieces.findIndex((piece) => piece.at + piece.bytes.length > start);
    const one = this.#pieces[first];
    if (one && one.at + one.bytes.length >= end) return one.bytes.subarray(start - one.at, end - one.at);
    const joined = new Uint8Array(end - start);
    for (const { at, bytes } of this.#pieces.slice(Math.max(first, 0))) {
      if (at >= end) break;
      const from = Math.max(start - at, 0);
      joined.set(bytes.subarray(from, Math.min(end - at, bytes.length)), at + from - start);
    }
    return joined;
  }
}
