import { frameBytes, PACKET_PARSER, PacketDecoder } from "@openmates-share/protocol/wire";
import { checkFrame } from "./frame-guard.ts";

/** The packets' decoder for frames from strangers. What throws here ends the connection, nothing else. */
class GuardedDecoder extends PacketDecoder {
  override add(frame: unknown): void {
    const bytes = frameBytes(frame);
    checkFrame(bytes);
    super.add(bytes);
  }
}

/** For the server's `parser` option. */
export const GUARDED_PARSER = { ...PACKET_PARSER, Decoder: GuardedDecoder };
