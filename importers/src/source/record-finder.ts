import { ByteWindow } from "./byte-window.ts";
import { JsonScanner } from "./json-scanner.ts";
import { parseRecord, type RecordPlace, type RecordSummary, summarise } from "./record-reader.ts";
import { SOURCE_LIMITS } from "./source-limits.ts";

/** A conversation's place in a file, and what a list says of it. */
export interface FoundRecord extends RecordSummary, RecordPlace {
  /** Bytes from the beginning of the document. */
  readonly start: number;
  readonly end: number;
}

/** Elements that are tried before a list is taken for the messages of one conversation. */
const TRIED = 200;

/**
 * Finds the conversations of a JSON document that comes in pieces, each parsed alone and let go of. What is a record is
 * told by trying: the elements of a list, if one of them is a conversation; else the whole value, if it is one.
 */
export class RecordFinder {
  readonly records: FoundRecord[] = [];
  /** Records without a conversation, or damaged. */
  skipped = 0;
  /** Values that are larger than what is parsed at once. */
  tooLarge = 0;

  readonly #window = new ByteWindow();
  readonly #scanner = new JsonScanner({
    valueBegins: (at) => this.#begin(at),
    valueEnds: (at) => this.#endValue(at),
    elementBegins: (at) => {
      this.#element = at;
    },
    elementEnds: (at) => this.#endElement(at),
  });
  /** Where the value that may be one record begins; null when it is a list of them, or too large. */
  #whole: number | null = null;
  #element: number | null = null;
  #tried = 0;
  /** Elements of the value that gave nothing so far. */
  #passed = 0;
  /** Whether an element of the value was a conversation. */
  #listed = false;

  /** Whether every value has ended. */
  get complete(): boolean {
    return this.#scanner.complete;
  }

  /** Whether something stands in it that is no JSON. */
  get garbage(): boolean {
    return this.#scanner.garbage;
  }

  /** False when there is nothing more to find. */
  feed(chunk: Uint8Array): boolean {
    this.#window.add(chunk);
    this.#scanner.feed(chunk);
    this.#letGo();
    return !this.#scanner.garbage;
  }

  /** The document has ended. */
  end(): void {
    // What was cut off within a list that has conversations is one of them.
    if (this.#element !== null && this.#listed) this.skipped += 1;
  }

  #begin(at: number): void {
    this.#whole = at;
    this.#element = null;
    this.#tried = 0;
    this.#passed = 0;
    this.#listed = false;
  }

  #endElement(end: number): void {
    const start = this.#element;
    this.#element = null;
    if (start === null || (!this.#listed && this.#tried >= TRIED)) return;
    this.#tried += 1;
    if (end - start > SOURCE_LIMITS.record) this.tooLarge += 1;
    else this.#look({ start, end, depth: 1 });
  }

  #endValue(end: number): void {
    const start = this.#whole;
    this.#whole = null;
    if (this.#listed || start === null) return;
    if (end - start > SOURCE_LIMITS.record) {
      this.tooLarge += 1;
      return;
    }
    this.#passed = 0;
    this.#look({ start, end, depth: 0 });
    this.skipped += this.#passed;
  }

  #look({ start, end, depth }: { start: number; end: number; depth: number }): void {
    const value = parseRecord(this.#window.slice(start, end));
    const found = value === undefined ? [null] : summarise(value, depth);
    for (const [index, summary] of found.entries()) {
      if (summary === null || summary === "empty") this.#passed += 1;
      else this.records.push({ ...summary, start, end, depth, index });
    }
    // An empty conversation tells what the list is, too.
    if (depth > 0 && found.some((summary) => summary !== null)) this.#listed = true;
    if (!this.#listed) return;
    this.#whole = null;
    this.skipped += this.#passed;
    this.#passed = 0;
  }

  #letGo(): void {
    const { end } = this.#window;
    const { record } = SOURCE_LIMITS;
    // Beyond what would be parsed they are only followed to their ends.
    const wanted = [this.#whole, this.#element].filter((at): at is number => at !== null && end - at <= record);
    this.#window.dropBefore(Math.min(end, ...wanted));
  }
}
