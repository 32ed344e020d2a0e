/**
 * Looks over a MessagePack frame before it is decoded. The decoder believes every length it reads: five bytes that
 * announce an array of 30 million make it allocate 240 MB, and a frame may hold thousands of such headers. Here nothing
 * is allocated: a container must have at least a byte for each of its entries, and nesting is bounded.
 */

/** A packet, its arguments, a request, a list in it and an entry's fields make 5. */
const MAX_DEPTH = 12;

/** @throws RangeError for a frame that is not one whole MessagePack value, or nests too deep. */
export function checkFrame(frame: Uint8Array): void {
  const reader = new FrameReader(frame);
  /** Values still to come, for each container that is open. */
  const open = [1];
  while (open.length > 0) {
    const left = open.at(-1) ?? 0;
    if (left === 0) {
      open.pop();
      continue;
    }
    open[open.length - 1] = left - 1;
    const entries = reader.value();
    if (entries === 0) continue;
    if (open.length > MAX_DEPTH) throw new RangeError("nested too deep");
    if (entries > reader.left) throw new RangeError("longer than its frame");
    open.push(entries);
  }
  if (reader.left > 0) throw new RangeError("bytes behind the value");
}

class FrameReader {
  readonly #view: DataView;
  #offset = 0;

  constructor(frame: Uint8Array) {
    this.#view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  }

  get left(): number {
    return this.#view.byteLength - this.#offset;
  }

  /** Passes one value, and of a container its header alone; returns how many values the container holds, else 0. */
  value(): number {
    const prefix = this.#number(1);
    if (prefix < 0x80 || prefix >= 0xe0) return 0;
    if (prefix < 0x90) return 2 * (prefix & 0x0f);
    if (prefix < 0xa0) return prefix & 0x0f;
    if (prefix < 0xc0) return this.#skip(prefix & 0x1f);
    return this.#typed(prefix);
  }

  #typed(prefix: number): number {
    if (prefix <= 0xc3) return prefix === 0xc1 ? unknownPrefix() : 0;
    if (prefix <= 0xc6) return this.#skip(this.#number(1 << (prefix - 0xc4)));
    if (prefix <= 0xc9) return this.#skip(this.#number(1 << (prefix - 0xc7)) + 1);
    if (prefix <= 0xcb) return this.#skip(prefix === 0xca ? 4 : 8);
    if (prefix <= 0xd3) return this.#skip(1 << ((prefix - 0xcc) & 3));
    if (prefix <= 0xd8) return this.#skip((1 << (prefix - 0xd4)) + 1);
    if (prefix <= 0xdb) return this.#skip(this.#number(1 << (prefix - 0xd9)));
    if (prefix <= 0xdd) return this.#number(prefix === 0xdc ? 2 : 4);
    return 2 * this.#number(prefix === 0xde ? 2 : 4);
  }

  #skip(length: number): 0 {
    if (length > this.left) throw new RangeError("longer than its frame");
    this.#offset += length;
    return 0;
  }

  /** An unsigned big-endian number of 1, 2 or 4 bytes; DataView throws RangeError at the end of the frame. */
  #number(length: number): number {
    const at = this.#offset;
    this.#offset += length;
    if (length === 1) return this.#view.getUint8(at);
    return length === 2 ? this.#view.getUint16(at) : this.#view.getUint32(at);
  }
}

function unknownPrefix(): never {
  throw new RangeError("not MessagePack");
}
