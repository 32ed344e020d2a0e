import type { Line } from "./line.ts";

/** What may wait for a client that does not take it: several pages, or all the small deltas of long answers. */
const MOST_BYTES = 32 << 20;
const MOST_PACKETS = 20_000;

/**
 * Ends the connection of a client that takes less than its rooms say, before its backlog fills this server's memory. It
 * comes back, and asks for what it has missed.
 */
export function boundBacklog({ conn }: Line): void {
  let [bytes, packets] = [0, 0];
  conn.on("packetCreate", ({ data }: { data?: unknown }) => {
    bytes += ArrayBuffer.isView(data) ? data.byteLength : 0;
    packets++;
    if (bytes > MOST_BYTES || packets > MOST_PACKETS) conn.close(true);
  });
  // The connection took everything that was waiting; it does so again when that is on its way.
  conn.on("flush", () => {
    [bytes, packets] = [0, 0];
  });
}
