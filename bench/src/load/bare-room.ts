import { randomBytes } from "node:crypto";
import type { Peer } from "./peer.ts";
import { frameOf, RawLine, SKIMMED_BYTES } from "./raw-line.ts";
import { reserveStamp } from "./stamp.ts";

/** A client of `rivals/bare-ws.ts`: every frame is a message. */
export class BarePeer implements Peer {
  onMessages: (count: number) => void = () => {};
  /** Called with a message's bytes instead of `onMessages`. */
  onPayload: ((payload: Buffer) => void) | null = null;
  readonly #line: RawLine;

  constructor(line: RawLine) {
    this.#line = line;
    line.onFrame = (payload) => (this.onPayload ? this.onPayload(payload) : this.onMessages(1));
  }

  static async connect(server: string, room: string): Promise<BarePeer> {
    return new BarePeer(await RawLine.open(`${server.replace("http", "ws")}/${room}`));
  }

  skim(): void {
    this.#line.keptBytes = SKIMMED_BYTES;
  }

  prepare({ size }: { size: number }): Buffer {
    const payload = randomBytes(size);
    reserveStamp(payload);
    return frameOf(payload);
  }

  send(frame: Uint8Array): void {
    this.#line.send(frame);
  }

  close(): void {
    this.#line.close();
  }
}

let rooms = 0;

export async function openBareRoom(server: string, size: number): Promise<readonly BarePeer[]> {
  rooms += 1;
  const room = `${process.pid}-${rooms}`;
  return Promise.all(Array.from({ length: size }, () => BarePeer.connect(server, room)));
}
