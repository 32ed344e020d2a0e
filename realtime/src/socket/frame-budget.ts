import { TokenBucket } from "../limits/token-bucket.ts";
import { type EngineConnection, endConnection, webSocketOf } from "./end-connection.ts";

/**
 * Far above all that the events' own limits let through (SOCKET_LIMITS), whose refusals an honest client obeys. Here counts
 * whatever comes, also what has no limit of its own: what is no packet, no event of ours, no request, or asks for nothing.
 */
const FRAMES = { capacity: 2_000, perSecond: 400 } as const;
const BYTES = { capacity: 128 << 20, perSecond: 8 << 20 } as const;

/** Ends the connection of a client that sends more than anybody does: refusing each single piece would cost too much. */
export function boundFrames(connection: EngineConnection, onExcess: () => void): void {
  const start = performance.now();
  const [frames, bytes] = [new TokenBucket(FRAMES, start), new TokenBucket(BYTES, start)];
  let ended = false;
  const take = (size: number) => {
    const now = performance.now();
    if (ended || (frames.take(1, now) === 0 && bytes.take(size, now) === 0)) return;
    ended = true;
    onExcess();
    endConnection(connection, "policy");
  };
  connection.on("packet", ({ data }: { data?: string | ArrayBufferView }) => take(sizeOf(data)));
  // Those of WebSocket itself are answered below Engine.IO, which never sees them.
  const watchPings = () => webSocketOf(connection)?.on("ping", () => take(0));
  watchPings();
  connection.on("upgrade", watchPings);
}

function sizeOf(data: string | ArrayBufferView | undefined): number {
  if (data === undefined) return 0;
  return typeof data === "string" ? data.length : data.byteLength;
}
