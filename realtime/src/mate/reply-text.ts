import { LIMITS } from "@openmates-share/protocol/wire";

/** The reply's JSON has to fit an envelope with its padding (at most 12 %) and its frame. */
const JSON_BYTES = Math.floor(LIMITS.envelope / 1.12) - 4096;

/** The text of one answer as it grows, cut where it no longer fits a reply. */
export class ReplyText {
  #text = "";
  #bytes = 0;
  #jsonBytes = 0;

  get text(): string {
    return this.#text;
  }

  /** Adds a piece; returns what of it found room. Less than the piece means that the reply is full. */
  add(piece: string): string {
    const whole = sizeOf(piece);
    const room = this.#fits(whole) ? piece : this.#cut(piece);
    const size = room === piece ? whole : sizeOf(room);
    this.#text += room;
    this.#bytes += size.bytes;
    this.#jsonBytes += size.jsonBytes;
    return room;
  }

  #fits({ bytes, jsonBytes }: { bytes: number; jsonBytes: number }): boolean {
    return this.#bytes + bytes <= LIMITS.replyBytes && this.#jsonBytes + jsonBytes <= JSON_BYTES;
  }

  /** The longest beginning of the piece, in whole characters, that still fits. */
  #cut(piece: string): string {
    let [fits, tooLong] = [0, piece.length];
    while (tooLong - fits > 1) {
      const middle = (fits + tooLong) >> 1;
      if (this.#fits(sizeOf(piece.slice(0, middle)))) fits = middle;
      else tooLong = middle;
    }
    return piece.slice(0, fits).replace(/[\uD800-\uDBFF]$/, "");
  }
}

function sizeOf(text: string): { bytes: number; jsonBytes: number } {
  return { bytes: Buffer.byteLength(text), jsonBytes: Buffer.byteLength(JSON.stringify(text)) - 2 };
}
