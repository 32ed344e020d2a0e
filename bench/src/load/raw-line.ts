import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { connect, type Socket } from "node:net";

export const TEXT = 1;
export const BINARY = 2;
const CLOSE = 8;

/** For those who count messages: more than the head of any packet, and every answer to a message. */
export const SKIMMED_BYTES = 1024;

/** What comes is read into here, of all lines: each has looked at it, or copied it, before the next is read. */
const INCOMING = Buffer.alloc(1 << 20);

export type FrameListener = (payload: Buffer, opcode: number) => void;

/**
 * A WebSocket with as little work as one can be: what is measured is the server, and hundreds of these have to keep up with
 * it on one core.
 */
export class RawLine {
  /** Called with each frame, whose bytes are only lent. */
  onFrame: FrameListener = () => {};
  readonly #socket: Socket;
  /** Takes what comes first, until the WebSocket stands. */
  #opening: ((bytes: Buffer) => void) | null = null;
  /** How much is kept of a frame that does not come whole: `onFrame` gets no more of it. With the frame's head, at least 14. */
  keptBytes = Number.POSITIVE_INFINITY;
  /** A frame that has not come whole, or the beginning of it; how long it is, as far as is known, and how much has come. */
  #partial: Buffer | null = null;
  #end = 0;
  #filled = 0;

  private constructor({ host, port }: { host: string; port: number }) {
    const callback = (length: number) => {
      const bytes = INCOMING.subarray(0, length);
      if (this.#opening) this.#opening(bytes);
      else this.#read(bytes);
      return true;
    };
    this.#socket = connect({ host, port, noDelay: true, onread: { buffer: INCOMING, callback } });
    // A server that is stopped while lines are open ends them; whoever waits for a frame notices.
    this.#socket.on("error", () => {});
  }

  static async open(url: string, headers: Readonly<Record<string, string>> = {}): Promise<RawLine> {
    const { hostname, port, pathname, search } = new URL(url);
    const line = new RawLine({ host: hostname, port: Number(port) });
    await once(line.#socket, "connect");
    const fields = {
      host: `${hostname}:${port}`,
      connection: "Upgrade",
      upgrade: "websocket",
      "sec-websocket-version": "13",
      "sec-websocket-key": randomBytes(16).toString("base64"),
      ...headers,
    };
    const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
    const answered = line.#answer();
    line.#socket.write(`GET ${pathname}${search} HTTP/1.1\r\n${lines.join("")}\r\n`);
    const head = await answered;
    if (!head.startsWith("HTTP/1.1 101")) throw new Error(`No WebSocket at ${url}: ${head.slice(0, 200)}`);
    return line;
  }

  /** @param frame of `frameOf`, or several one after the other */
  send(frame: Uint8Array): void {
    this.#socket.write(frame);
  }

  /** May be called twice. */
  close(): void {
    this.#socket.destroy();
  }

  /** The head of the answer to the upgrade; frames that come with it are read when somebody listens. */
  #answer(): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#socket.once("close", () => reject(new Error("The server ended the connection.")));
      let all = "";
      let answered = false;
      this.#opening = (bytes) => {
        all += bytes.toString("latin1");
        const end = all.indexOf("\r\n\r\n");
        if (end < 0 || answered) return;
        answered = true;
        setImmediate(() => {
          this.#opening = null;
          this.#read(Buffer.from(all.slice(end + 4), "latin1"));
        });
        resolve(all.slice(0, end));
      };
    });
  }

  #read(lent: Buffer): void {
    let bytes = this.#partial ? this.#complete(this.#partial, lent) : lent;
    let place = placeIn(bytes);
    for (; place.end <= bytes.length; place = placeIn(bytes)) {
      this.#take(bytes, place);
      bytes = bytes.subarray(place.end);
    }
    if (bytes.length === 0) return;
    this.#keep(bytes, place.end);
  }

  #keep(bytes: Buffer, end: number): Buffer {
    const partial = Buffer.allocUnsafe(Math.min(end, this.keptBytes));
    bytes.copy(partial);
    this.#partial = partial;
    this.#end = end;
    this.#filled = bytes.length;
    return partial;
  }

  /** Adds to the frame that has not come whole; returns what comes behind it. */
  #complete(partial: Buffer, bytes: Buffer): Buffer {
    const taken = Math.min(bytes.length, this.#end - this.#filled);
    if (this.#filled < partial.length) bytes.copy(partial, this.#filled, 0, taken);
    this.#filled += taken;
    const rest = bytes.subarray(taken);
    if (this.#filled < this.#end) return rest;
    const place = placeIn(partial);
    if (place.end === this.#end) {
      this.#partial = null;
      this.#take(partial, place);
      return rest;
    }
    // Only now is it known how long it is.
    return this.#complete(this.#keep(partial, place.end), rest);
  }

  #take(bytes: Buffer, { start, end }: { start: number; end: number }): void {
    const opcode = (bytes[0] ?? 0) & 0x0f;
    if (opcode === CLOSE) this.#socket.destroy();
    else this.onFrame(bytes.subarray(start, end), opcode);
  }
}

/** Where the first frame's payload stands; while its head is not all there, `end` is where that is. */
function placeIn(bytes: Buffer): { start: number; end: number } {
  if (bytes.length < 2) return { start: 2, end: 2 };
  const short = (bytes[1] ?? 0) & 0x7f;
  const start = short < 126 ? 2 : short === 126 ? 4 : 10;
  if (bytes.length < start) return { start, end: start };
  const length = short < 126 ? short : start === 4 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
  return { start, end: start + length };
}

/** A client's frame. Its mask is zero, which every server takes and which costs this side nothing. */
export function frameOf(payload: string | Uint8Array): Buffer {
  const body = typeof payload === "string" ? Buffer.from(payload) : payload;
  const opcode = typeof payload === "string" ? TEXT : BINARY;
  const head = Buffer.alloc(body.length < 126 ? 6 : body.length < 65_536 ? 8 : 14);
  head[0] = 0x80 | opcode;
  if (body.length < 126) head[1] = 0x80 | body.length;
  else if (body.length < 65_536) {
    head[1] = 0x80 | 126;
    head.writeUInt16BE(body.length, 2);
  } else {
    head[1] = 0x80 | 127;
    head.writeBigUInt64BE(BigInt(body.length), 2);
  }
  return Buffer.concat([head, body]);
}
