import {
  type Bytes,
  equalBytes,
  HEAD_LENGTH,
  KIND,
  type MessageId,
  type Position,
  type SpineEntry,
} from "@openmates-share/protocol/wire";

/** Room for the first entries; it doubles when it is full. */
const ROOM = 256;

/**
 * Every message of a chat from its first on by id, kind, digest and head, without the messages: 65 bytes each in three
 * blocks, and the ids. 100,000 take some 20 MB.
 */
export class Chain {
  readonly #start: Bytes;
  readonly #seqs = new Map<MessageId, number>();
  readonly #amendments: number[] = [];
  #length = 0;
  /** Of number n at (n − 1) · 32. */
  #heads = new Uint8Array(ROOM * HEAD_LENGTH);
  #digests = new Uint8Array(ROOM * HEAD_LENGTH);
  #kinds = new Uint8Array(ROOM);

  constructor(start: Position) {
    this.#start = start.head;
  }

  get end(): Position {
    return { seq: this.#length, head: this.#headAt(this.#length) };
  }

  /** Numbers of the amendments, in order. */
  get amendments(): readonly number[] {
    return this.#amendments;
  }

  /** Null beyond the end. */
  positionAt(seq: number): Position | null {
    return seq >= 0 && seq <= this.#length ? { seq, head: this.#headAt(seq) } : null;
  }

  seqOf(id: MessageId): number | null {
    return this.#seqs.get(id) ?? null;
  }

  /** How many of the messages up to a number are ones that people read. */
  messagesTo(seq: number): number {
    return Math.min(seq, this.#length) - this.#amendments.filter((amendment) => amendment <= seq).length;
  }

  /** The second byte of the envelope; null beyond the end. */
  kindAt(seq: number): number | null {
    return seq >= 1 && seq <= this.#length ? (this.#kinds[seq - 1] ?? null) : null;
  }

  /** Whether the message of a number, which is not beyond the end, is this one. */
  holds(seq: number, { id, kind, digest }: SpineEntry): boolean {
    if (this.#seqs.get(id) !== seq || this.#kinds[seq - 1] !== kind) return false;
    const at = (seq - 1) * HEAD_LENGTH;
    return equalBytes(this.#digests.subarray(at, at + HEAD_LENGTH), digest);
  }

  /** Adds what follows the end, with its heads; false when an id was there before (SPEC T3). */
  add(entries: readonly SpineEntry[], heads: Bytes): boolean {
    let unique = true;
    this.#makeRoom(entries.length);
    this.#heads.set(heads, this.#length * HEAD_LENGTH);
    for (const { id, kind, digest } of entries) {
      this.#digests.set(digest, this.#length * HEAD_LENGTH);
      this.#kinds[this.#length] = kind;
      this.#length++;
      if (this.#seqs.has(id)) unique = false;
      else this.#seqs.set(id, this.#length);
      if (kind === KIND.amendment) this.#amendments.push(this.#length);
    }
    return unique;
  }

  #headAt(seq: number): Bytes {
    return seq === 0 ? this.#start : this.#heads.slice((seq - 1) * HEAD_LENGTH, seq * HEAD_LENGTH);
  }

  #makeRoom(more: number): void {
    const needed = (this.#length + more) * HEAD_LENGTH;
    if (needed <= this.#heads.length) return;
    const size = Math.max(needed, this.#heads.length * 2);
    this.#heads = grown(this.#heads, size);
    this.#digests = grown(this.#digests, size);
    this.#kinds = grown(this.#kinds, size / HEAD_LENGTH);
  }
}

function grown(bytes: Bytes, size: number): Bytes {
  const larger = new Uint8Array(size);
  larger.set(bytes);
  return larger;
}
