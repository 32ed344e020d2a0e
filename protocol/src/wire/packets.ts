import { decode, Encoder } from "@msgpack/msgpack";

/**
 * Socket.IO packets as MessagePack maps `{ type, nsp, data, id }`, with bytes as `bin`: the `parser` of both ends.
 * `socket.io-msgpack-parser` is not used because it does not carry a Uint8Array: in browsers it comes out as a map of
 * numbers, in Node as an extension with everything that lies in the same memory.
 */

interface Packet {
  readonly type: number;
  readonly nsp: string;
  readonly data?: unknown;
  readonly id?: number;
}

/** Socket.IO's protocol revision. */
const PROTOCOL = 5;
const TYPES = { connect: 0, disconnect: 1, event: 2, ack: 3, connectError: 4 } as const;

/** What Socket.IO itself emits on a socket: from the wire it would run clean-up for a socket that stays. */
const RESERVED_EVENTS = new Set<unknown>([
  "connect",
  "connect_error",
  "disconnect",
  "disconnecting",
  "error",
  "newListener",
  "removeListener",
]);

export class PacketEncoder {
  readonly #encoder = new Encoder({ ignoreUndefined: true });

  encode({ type, nsp, data, id }: Packet): [Uint8Array] {
    return [this.#encoder.encode({ type, nsp, data, id })];
  }
}

type Listener = (packet: Packet) => void;

/** Emits `decoded`; whatever it throws ends the connection. Bytes in a packet are views of its frame. */
export class PacketDecoder {
  readonly #listeners = new Set<Listener>();

  /** @throws TypeError and the errors of MessagePack for a frame that is no packet */
  add(frame: unknown): void {
    const packet = parsePacket(decode(frameBytes(frame)));
    for (const listener of [...this.#listeners]) listener(packet);
  }

  on(_event: "decoded", listener: Listener): this {
    this.#listeners.add(listener);
    return this;
  }

  off(_event: "decoded", listener: Listener): this {
    this.#listeners.delete(listener);
    return this;
  }

  removeListener(event: "decoded", listener: Listener): this {
    return this.off(event, listener);
  }

  destroy(): void {}
}

/** For the `parser` option of Socket.IO's server and client. */
export const PACKET_PARSER = { protocol: PROTOCOL, Encoder: PacketEncoder, Decoder: PacketDecoder };

/** A frame's bytes, never as a Node Buffer, whose `slice` shares memory. @throws TypeError for a text frame */
export function frameBytes(frame: unknown): Uint8Array {
  if (frame instanceof ArrayBuffer) return new Uint8Array(frame);
  if (ArrayBuffer.isView(frame)) return new Uint8Array(frame.buffer, frame.byteOffset, frame.byteLength);
  throw new TypeError("Frames are binary.");
}

function parsePacket(value: unknown): Packet {
  if (typeof value !== "object" || value === null) throw notAPacket();
  const { type, nsp, data, id } = value as Record<string, unknown>;
  if (typeof type !== "number" || typeof nsp !== "string" || !dataFits(type, data)) throw notAPacket();
  if (id === undefined) return { type, nsp, data };
  if (typeof id !== "number" || !Number.isSafeInteger(id)) throw notAPacket();
  return { type, nsp, data, id };
}

function dataFits(type: number, data: unknown): boolean {
  switch (type) {
    case TYPES.connect:
      return data === undefined || isMap(data);
    case TYPES.disconnect:
      return data === undefined;
    case TYPES.event:
      return Array.isArray(data) && typeof data[0] === "string" && !RESERVED_EVENTS.has(data[0]);
    case TYPES.ack:
      return Array.isArray(data);
    case TYPES.connectError:
      return isMap(data) || typeof data === "string";
    default:
      return false;
  }
}

function isMap(data: unknown): boolean {
  return typeof data === "object" && data !== null && !Array.isArray(data) && !ArrayBuffer.isView(data);
}

function notAPacket(): TypeError {
  return new TypeError("This is not a Socket.IO packet.");
}
