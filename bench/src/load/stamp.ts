import { randomBytes } from "node:crypto";

/** Stands before a stamp, wherever in a frame that is: nothing else has these bytes. */
const MARK = randomBytes(8);

/** Keeps room for a stamp in a message, behind the envelope's head, where a server sees nothing but bytes. */
export function reserveStamp(message: Buffer): void {
  MARK.copy(message, RESERVED_AT);
}

const RESERVED_AT = 8;

/** Says in a frame that was made before when it goes out, in milliseconds. */
export function stampFrame(frame: Buffer, time: number): void {
  frame.writeDoubleBE(time, frame.indexOf(MARK) + MARK.length);
}

/** When each of the messages in a frame went out. Found without decoding it, for that would be measuring the load. */
export function* stampsIn(payload: Buffer): Iterable<number> {
  for (let at = payload.indexOf(MARK); at >= 0; at = payload.indexOf(MARK, at + MARK.length)) {
    yield payload.readDoubleBE(at + MARK.length);
  }
}
