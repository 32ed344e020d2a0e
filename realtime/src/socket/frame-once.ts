import { binaryFrame } from "./binary-frame.ts";
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
