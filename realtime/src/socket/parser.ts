import { Decoder, PacketType } from "socket.io-msgpack-parser";
import { checkFrame } from "./frame-guard.ts";

export { Encoder, protocol } from "socket.io-msgpack-parser";

/**
 * What Socket.IO itself emits on a socket. Its own parser refuses them from the wire, the MessagePack parser does not: a
 * client that sends `disconnect` as an event would run our clean-up for a socket that stays.
 */
const RESERVED_EVENTS = new Set<unknown>([
  "connect",
  "connect_error",
  "disconnect",
  "disconnecting",
  "error",
  "newListener",
  "removeListener",
]);

/** The MessagePack parser's decoder, for frames from strangers. What throws here ends the connection, nothing else. */
class GuardedDecoder extends Decoder {
  override add(frame: unknown): void {
    if (!(frame instanceof Uint8Array)) throw new TypeError("frames are binary");
    checkFrame(frame);
    super.add(frame);
  }

  override checkPacket(packet: { type: unknown; data: unknown }): void {
    super.checkPacket(packet);
    if (packet.type !== PacketType.EVENT) return;
    const event: unknown = Array.isArray(packet.data) ? packet.data[0] : null;
    if (typeof event !== "string" || RESERVED_EVENTS.has(event)) throw new TypeError("not an event's name");
  }
}

export { GuardedDecoder as Decoder };
