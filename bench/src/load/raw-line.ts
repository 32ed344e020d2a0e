import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { connect, type Socket } from "node:net";

export const TEXT = 1;
export const BINARY = 2;
const CLOSE = 8;

export type FrameListener = (payload: Buffer, opcode: number) => void;

/**
 * A WebSocket with as little work as one can be: what is measured is the server, and hundreds of these have to keep up with
 * it on one core.
 */
export class RawLine {
  /** Called with each frame, whose bytes are only lent. */
  onFrame: FrameListener = () => {};
  readonly #socket: Socket;
  /** What has come of the next frame, and how much there has to be until it is looked at again. */
  #parts: Buffer[] = [];
  #length = 0;
  #wanted = 0;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on("data", (data) => this.#read(data));
    // A server that is stopped while lines are open ends them; whoever waits for a frame notices.
    socket.on("error", () => {});
  }

  static async open(url: string, headers: Readonly<Record<string, string>> = {}): Promise<RawLine> {
    const { hostname, port, pathname, search } = new URL(url);
    const socket = connect({ host: hostname, port: Number(port), noDelay: true });
    await once(socket, "connect");
    const fields = {
      host: `${hostname}:${port}`,
      connection: "Upgrade",
      upgrade: "websocket",
      "sec-websocket-version": "13",
      "sec-websocket-key": randomBytes(16).toString("base64"),
      ...headers,
    };
    const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
    socket.write(`GET ${pathname}${search} HTTP/1.1\r\n${lines.join("")}\r\n`);
    let head = "";
    let early = Buffer.alloc(0);
    while (!head.includes("\r\n\r\n")) {
      const [data] = (await once(socket, "data")) as [Buffer];
      head += data.toString("latin1");
      const end = head.indexOf("\r\n\r\n");
      if (end >= 0) early = Buffer.from(head.slice(end + 4), "latin1");
    }
    if (!head.startsWith("HTTP/1.1 101")) throw new Error(`No WebSocket at ${url}: ${head.slice(0, 200)}`);
    const line = new RawLine(socket);
    if (early.length > 0) setImmediate(() => line.#read(early));
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

  #read(data: Buffer): void {
    this.#parts.push(data);
    this.#length += data.length;
    if (this.#length < this.#wanted) return;
    let bytes = this.#parts.length === 1 ? data : Buffer.concat(this.#parts, this.#length);
    let place = placeIn(bytes);
    for (; place.end <= bytes.length; place = placeIn(bytes)) {
      const opcode = (bytes[0] ?? 0) & 0x0f;
      if (opcode === CLOSE) this.#socket.destroy();
      else this.onFrame(bytes.subarray(place.start, place.end), opcode);
      bytes = bytes.subarray(place.end);
    }
    this.#parts = bytes.length > 0 ? [bytes] : [];
    this.#length = bytes.length;
    this.#wanted = place.end;
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
