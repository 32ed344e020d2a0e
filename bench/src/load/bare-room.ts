import { randomBytes } from "node:crypto";
import type { Peer } from "./peer.ts";
import { frameOf, RawLine } from "./raw-line.ts";

/** A client of `rivals/bare-ws.ts`: every frame is a message. */
export class BarePeer implements Peer {
  onMessages: (count: number) => void = () => {};
  /** Called with what a message says. */
  onPayload: ((payload: Buffer) => void) | null = null;
  readonly #line: RawLine;

  constructor(line: RawLine) {
    this.#line = line;
    line.onFrame = (payload) => (this.onPayload ? this.onPayload(payload) : this.onMessages(1));
  }

  static async connect(server: string, room: string): Promise<BarePeer> {
    return new BarePeer(await RawLine.open(`${server.replace("http", "ws")}/${room}`));
  }

  prepare({ size, stamp }: { size: number; stamp?: number }): Uint8Array {
    const payload = randomBytes(size);
    if (stamp !== undefined) payload.writeDoubleBE(stamp, STAMP_AT);
    return frameOf(payload);
  }

  send(frame: Uint8Array): void {
    this.#line.send(frame);
  }

  close(): void {
    this.#line.close();
  }
}

const STAMP_AT = 8;

export function stampIn(payload: Buffer): number {
  return payload.readDoubleBE(STAMP_AT);
}

let rooms = 0;

export async function openBareRoom(server: string, size: number): Promise<readonly BarePeer[]> {
  rooms += 1;
  const room = `${process.pid}-${rooms}`;
  return Promise.all(Array.from({ length: size }, () => BarePeer.connect(server, room)));
}
