/**
 * MessagePack, of it what crosses the wire and lies in the keyring: nil, booleans, numbers, text, bytes, lists, and maps with
 * names as keys; no extensions and no whole number beyond 2^53. A codec of ours because whoever reads a chat loads it: the
 * usual one weighs four times as much.
 */

/** Far deeper than anything of ours is. */
const MAX_DEPTH = 32;
const TWO_32 = 2 ** 32;

/** UTF-16 units: names and ids. For these the platform's codec takes longer to be called than to work. */
const SHORT = 32;

/** How a length, or a number, is written: within the sign itself when it is small, else in one, two or four bytes behind it. */
interface Form {
  readonly within: number;
  readonly below: number;
  /** Lists and maps have none of one byte. */
  readonly one: number | null;
  /** The form of four bytes follows it. */
  readonly two: number;
}

const MAP: Form = { within: 0x80, below: 16, one: null, two: 0xde };
const LIST: Form = { within: 0x90, below: 16, one: null, two: 0xdc };
const TEXT: Form = { within: 0xa0, below: 32, one: 0xd9, two: 0xda };
const BYTES: Form = { within: 0, below: 0, one: 0xc4, two: 0xc5 };
const UNSIGNED: Form = { within: 0, below: 0x80, one: 0xcc, two: 0xcd };

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** Bytes as bytes, undefined as nil. @throws TypeError for what has no form here */
export function pack(value: unknown): Uint8Array<ArrayBuffer> {
  const writer = new Writer();
  writer.write(value, 0);
  return writer.written();
}

/** Bytes in what it returns are views of `bytes`. @throws TypeError and RangeError on anything that is not one value */
export function unpack(bytes: Uint8Array): unknown {
  const reader = new Reader(bytes);
  const value = reader.read(0);
  if (reader.isAtEnd) return value;
  throw malformed();
}

function isPlain(text: string): boolean {
  for (let index = 0; index < text.length; index++) if (text.charCodeAt(index) >= 0x80) return false;
  return true;
}

function malformed(): TypeError {
  return new TypeError("This is not MessagePack of ours.");
}

class Writer {
  #bytes = new Uint8Array(1024);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;

  written(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.#length);
  }

  write(value: unknown, depth: number): void {
    if (depth > MAX_DEPTH) throw malformed();
    if (value === null || value === undefined) this.#sign(0xc0);
    else if (typeof value === "boolean") this.#sign(value ? 0xc3 : 0xc2);
    else if (typeof value === "number") this.#number(value);
    else if (typeof value === "string") this.#text(value);
    else if (value instanceof Uint8Array) this.#run(value, BYTES);
    else if (Array.isArray(value)) this.#list(value, depth);
    else if (typeof value === "object" && !ArrayBuffer.isView(value)) this.#map(value, depth);
    else throw malformed();
  }

  #list(list: readonly unknown[], depth: number): void {
    this.#size(list.length, LIST);
    for (const item of list) this.write(item, depth + 1);
  }

  #map(map: object, depth: number): void {
    const entries = Object.entries(map);
    this.#size(entries.length, MAP);
    for (const [name, item] of entries) {
      this.#text(name);
      this.write(item, depth + 1);
    }
  }

  #number(value: number): void {
    if (!Number.isSafeInteger(value)) {
      const at = this.#sign(0xcb, 8);
      this.#view.setFloat64(at, value);
    } else if (value >= 0 && value < TWO_32) this.#size(value, UNSIGNED);
    else if (value < 0 && value >= -32) this.#sign(0x100 + value);
    else {
      const at = this.#sign(value < 0 ? 0xd3 : 0xcf, 8);
      this.#view.setInt32(at, Math.floor(value / TWO_32));
      this.#view.setUint32(at + 4, value);
    }
  }

  #text(text: string): void {
    if (text.length > SHORT || !isPlain(text)) this.#run(encoder.encode(text), TEXT);
    else {
      this.#size(text.length, TEXT);
      const at = this.#grow(text.length);
      for (let index = 0; index < text.length; index++) this.#bytes[at + index] = text.charCodeAt(index);
    }
  }

  #run(bytes: Uint8Array, form: Form): void {
    this.#size(bytes.length, form);
    const at = this.#grow(bytes.length);
    this.#bytes.set(bytes, at);
  }

  #size(size: number, { within, below, one, two }: Form): void {
    if (size < below) this.#sign(within + size);
    else if (size < 0x100 && one !== null) {
      const at = this.#sign(one, 1);
      this.#view.setUint8(at, size);
    } else if (size < 0x10000) {
      const at = this.#sign(two, 2);
      this.#view.setUint16(at, size);
    } else {
      const at = this.#sign(two + 1, 4);
      this.#view.setUint32(at, size);
    }
  }

  /** Writes the sign and makes room for what follows it; returns where that begins. */
  #sign(sign: number, room = 0): number {
    const at = this.#grow(1 + room);
    this.#bytes[at] = sign;
    return at + 1;
  }

  #grow(by: number): number {
    const at = this.#length;
    this.#length += by;
    if (this.#length > this.#bytes.length) {
      const bytes = new Uint8Array(this.#length * 2);
      bytes.set(this.#bytes);
      this.#bytes = bytes;
      this.#view = new DataView(bytes.buffer);
    }
    return at;
  }
}

class Reader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  read(depth: number): unknown {
    if (depth > MAX_DEPTH) throw malformed();
    const sign = this.#unsigned(1);
    if (sign < 0x80) return sign;
    if (sign < 0x90) return this.#map(sign - 0x80, depth);
    if (sign < 0xa0) return this.#list(sign - 0x90, depth);
    if (sign < 0xc0) return this.#text(sign - 0xa0);
    if (sign >= 0xe0) return sign - 0x100;
    return this.#readSigned(sign, depth);
  }

  #readSigned(sign: number, depth: number): unknown {
    switch (sign) {
      case 0xc0:
        return null;
      case 0xc2:
      case 0xc3:
        return sign === 0xc3;
      case 0xc4:
      case 0xc5:
      case 0xc6:
        return this.#run(this.#unsigned(2 ** (sign - 0xc4)));
      case 0xca:
        return this.#view.getFloat32(this.#take(4));
      case 0xcb:
        return this.#view.getFloat64(this.#take(8));
      case 0xcc:
      case 0xcd:
      case 0xce:
        return this.#unsigned(2 ** (sign - 0xcc));
      case 0xd0:
        return this.#view.getInt8(this.#take(1));
      case 0xd1:
        return this.#view.getInt16(this.#take(2));
      case 0xd2:
        return this.#view.getInt32(this.#take(4));
      case 0xcf:
      case 0xd3:
        return this.#wide(sign);
      case 0xd9:
      case 0xda:
      case 0xdb:
        return this.#text(this.#unsigned(2 ** (sign - 0xd9)));
      case 0xdc:
      case 0xdd:
        return this.#list(this.#unsigned(2 ** (sign - 0xdb)), depth);
      case 0xde:
      case 0xdf:
        return this.#map(this.#unsigned(2 ** (sign - 0xdd)), depth);
      default:
        throw malformed();
    }
  }

  /** A length that is claimed is never made room for: what is not there ends it. */
  #list(length: number, depth: number): unknown[] {
    const items: unknown[] = [];
    for (let index = 0; index < length; index++) items.push(this.read(depth + 1));
    return items;
  }

  #map(length: number, depth: number): Record<string, unknown> {
    const map: Record<string, unknown> = {};
    for (let index = 0; index < length; index++) {
      const name = this.read(depth + 1);
      // It would set what the object inherits from.
      if (typeof name !== "string" || name === "__proto__") throw malformed();
      map[name] = this.read(depth + 1);
    }
    return map;
  }

  #text(length: number): string {
    const at = this.#take(length);
    const end = at + length;
    let text = "";
    if (length <= SHORT) {
      for (let index = at; index < end; index++) text += String.fromCharCode(this.#bytes[index] ?? 0);
      if (isPlain(text)) return text;
    }
    return decoder.decode(this.#bytes.subarray(at, end));
  }

  #wide(sign: number): number {
    const at = this.#take(8);
    const high = sign === 0xcf ? this.#view.getUint32(at) : this.#view.getInt32(at);
    const value = high * TWO_32 + this.#view.getUint32(at + 4);
    if (Number.isSafeInteger(value)) return value;
    throw malformed();
  }

  /** In one, two or four bytes. */
  #unsigned(length: number): number {
    const at = this.#take(length);
    if (length === 1) return this.#view.getUint8(at);
    return length === 2 ? this.#view.getUint16(at) : this.#view.getUint32(at);
  }

  #run(length: number): Uint8Array {
    const at = this.#take(length);
    return this.#bytes.subarray(at, at + length);
  }

  /** Goes on behind the next bytes; returns where they begin. */
  #take(length: number): number {
    const at = this.#at;
    this.#at += length;
    if (this.#at > this.#bytes.length) throw malformed();
    return at;
  }
}
