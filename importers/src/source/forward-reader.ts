import { changed } from "./document.ts";

/**
 * Reads ranges of a stream that can only be run forward, such as a packed file of an archive. It stays where the last
 * range ended: whoever reads in the order of the file unpacks it once; a range further back begins anew. Nothing that
 * was unpacked is kept, in memory or elsewhere, so 300 MB of text cost a second at most and no space.
 */
export class ForwardReader {
  readonly #open: () => ReadableStream<Uint8Array>;
  #reader: ReadableStreamDefaultReader<Uint8Array> | null = null;
  /** Where the piece in hand begins. */
  #at = 0;
  #piece: Uint8Array = new Uint8Array();
  #turn: Promise<unknown> = Promise.resolve();

  constructor(open: () => ReadableStream<Uint8Array>) {
    this.#open = open;
  }

  /** One after the other: there is one place in the stream. */
  read(start: number, end: number): Promise<Uint8Array> {
    const turn = this.#turn.then(() => this.#read(start, end));
    this.#turn = turn.catch(() => this.#rewind());
    return turn;
  }

  stop(): void {
    this.#rewind();
  }

  async #read(start: number, end: number): Promise<Uint8Array> {
    if (start < this.#at) this.#rewind();
    const range = new Uint8Array(end - start);
    let filled = 0;
    while (filled < range.length) {
      const behind = this.#at + this.#piece.length;
      const from = start + filled;
      if (from >= behind) {
        await this.#advance();
        continue;
      }
      const part = this.#piece.subarray(from - this.#at, Math.min(end, behind) - this.#at);
      range.set(part, filled);
      filled += part.length;
    }
    return range;
  }

  async #advance(): Promise<void> {
    this.#reader ??= this.#open().getReader();
    const { value, done } = await this.#reader.read();
    if (done) throw changed();
    this.#at += this.#piece.length;
    this.#piece = value;
  }

  #rewind(): void {
    this.#reader?.cancel().catch(() => undefined);
    this.#reader = null;
    this.#at = 0;
    this.#piece = new Uint8Array();
  }
}
