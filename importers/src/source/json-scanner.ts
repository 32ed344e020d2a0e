/** What a scanner finds; offsets are bytes from the beginning, ends are behind the last byte. */
export interface ScannerEvents {
  /** A list or an object that stands in nothing else begins. */
  valueBegins(at: number): void;
  valueEnds(at: number): void;
  /** An object or list that may be a record: in a list, or in one of the lists that exports keep records in. */
  elementBegins(at: number): void;
  elementEnds(at: number): void;
}

/** Names of fields under which exports list their conversations. */
const LISTS: ReadonlySet<string> = new Set(["conversations", "history", "chats", "data"]);
const LONGEST_LIST_NAME = 16;

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/** Elements of lists that stand in nothing; of lists that a field of such an object names. */
const IN_LIST = 1;
const IN_NAMED_LIST = 2;
const NOWHERE = -1;

/**
 * Finds the values of a JSON text, or of several behind each other, and the records in them, in pieces of any size and in
 * constant memory: it knows strings, escapes and depth, and nothing else of JSON. Bytes beyond ASCII stand in strings
 * alone and never look like its marks in UTF-8.
 */
export class JsonScanner {
  readonly #events: ScannerEvents;
  #offset = 0;
  #depth = 0;
  #inString = false;
  #escaped = false;
  /** The depth in which elements begin. */
  #elementsAt = NOWHERE;
  #inObject = false;
  /** The name that is being read, or was read last, of a field of the outermost object; null while it is a value. */
  #name: string | null = null;
  #readingName = false;
  #afterColon = false;
  #garbage = false;

  constructor(events: ScannerEvents) {
    this.#events = events;
  }

  /** Something stands outside of lists and objects: this is no JSON of records, and nothing more is looked at. */
  get garbage(): boolean {
    return this.#garbage;
  }

  /** Whether the text could end here. */
  get complete(): boolean {
    return this.#depth === 0 && !this.#garbage;
  }

  feed(chunk: Uint8Array): void {
    const base = this.#offset;
    this.#offset += chunk.length;
    let at = 0;
    while (at < chunk.length && !this.#garbage) {
      if (this.#inString) {
        at = this.#string(chunk, at);
        continue;
      }
      // Most of an export is strings; what is between them is looked at byte by byte.
      this.#mark(chunk[at] ?? 0, base + at);
      at += 1;
    }
  }

  /** Goes on behind the string's end, or at the chunk's. */
  #string(chunk: Uint8Array, from: number): number {
    let at = from;
    let escaped = this.#escaped;
    for (; at < chunk.length; at++) {
      const byte = chunk[at];
      if (escaped) escaped = false;
      else if (byte === BACKSLASH) escaped = true;
      else if (byte === QUOTE) break;
    }
    this.#escaped = escaped;
    if (this.#readingName) this.#keepName(chunk.subarray(from, at));
    if (at === chunk.length) return at;
    this.#inString = false;
    this.#readingName = false;
    return at + 1;
  }

  #keepName(part: Uint8Array): void {
    const name = this.#name ?? "";
    if (name.length + part.length > LONGEST_LIST_NAME) this.#name = "\0".repeat(LONGEST_LIST_NAME);
    else this.#name = name + String.fromCharCode(...part);
  }

  #mark(byte: number, at: number): void {
    switch (byte) {
      case QUOTE:
        if (this.#depth === 0) {
          this.#garbage = true;
          return;
        }
        this.#inString = true;
        if (this.#depth === 1 && this.#inObject && !this.#afterColon) {
          this.#readingName = true;
          this.#name = "";
        }
        return;
      case OPEN_LIST:
      case OPEN_OBJECT:
        this.#open(byte, at);
        return;
      case CLOSE_LIST:
      case CLOSE_OBJECT:
        this.#close(at + 1);
        return;
      case COLON:
        if (this.#depth === 1) this.#afterColon = true;
        break;
      case COMMA:
        if (this.#depth === 1) this.#afterColon = false;
        break;
    }
    if (this.#depth === 0 && !isBlank(byte)) this.#garbage = true;
  }

  #open(byte: number, at: number): void {
    if (this.#depth === 0) {
      this.#inObject = byte === OPEN_OBJECT;
      this.#elementsAt = this.#inObject ? NOWHERE : IN_LIST;
      this.#afterColon = false;
      this.#events.valueBegins(at);
    } else if (this.#depth === this.#elementsAt) {
      this.#events.elementBegins(at);
    } else if (this.#depth === 1 && this.#inObject && byte === OPEN_LIST && LISTS.has(this.#name ?? "")) {
      this.#elementsAt = IN_NAMED_LIST;
    }
    this.#depth += 1;
  }

  #close(end: number): void {
    if (this.#depth === 0) {
      this.#garbage = true;
      return;
    }
    this.#depth -= 1;
    if (this.#depth === this.#elementsAt) this.#events.elementEnds(end);
    else if (this.#depth === 1 && this.#elementsAt === IN_NAMED_LIST) this.#elementsAt = NOWHERE;
    if (this.#depth === 0) this.#events.valueEnds(end);
  }
}

/** Blank space, a byte order mark, and the comma or record separator that some put between values. */
function isBlank(byte: number): boolean {
  return (
    byte === 0x20 ||
    (byte >= 0x09 && byte <= 0x0d) ||
    byte === COMMA ||
    byte === 0x1e ||
    byte === 0xef ||
    byte === 0xbb ||
    byte === 0xbf
  );
}
