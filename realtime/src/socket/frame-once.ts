import type { Lines } from "./line.ts";

/** What of Socket.IO's adapters is not in their types: makes a packet's bytes, for all receivers on this node. */
interface Encoding {
  _encode(packet: unknown, options: EngineOptions): readonly unknown[];
}

/** What Engine.IO is told with a packet. */
interface EngineOptions {
  /** Over a WebSocket, written instead of the packet's bytes. */
  wsPreEncodedFrame?: readonly Buffer[];
}

/** Has a packet for a room framed once, as Socket.IO itself does for packets of text alone, instead of for each receiver. */
export function frameOnce(lines: Lines): void {
  const adapter = lines.of("/").adapter as unknown as Encoding;
  const encode = adapter._encode.bind(adapter);
  adapter._encode = (packet, options) => {
    const encoded = encode(packet, options);
    const [bytes] = encoded;
    if (encoded.length === 1 && bytes instanceof Uint8Array) options.wsPreEncodedFrame = [binaryFrame(bytes)];
    return encoded;
  };
}

/** The final bit, and the opcode of a binary frame (RFC 6455, section 5.2). */
const FINAL_BINARY = 0x82;

/** A whole message as a server sends it, without a mask. */
export function binaryFrame(payload: Uint8Array): Buffer {
  const { length } = payload;
  const start = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  const frame = Buffer.allocUnsafe(start + length);
  frame[0] = FINAL_BINARY;
  frame[1] = start === 2 ? length : start === 4 ? 126 : 127;
  if (start === 4) frame.writeUInt16BE(length, 2);
  else if (start === 10) frame.writeBigUInt64BE(BigInt(length), 2);
  frame.set(payload, start);
  return frame;
}
