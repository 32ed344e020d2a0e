import { type EngineConnection, endConnection } from "./end-connection.ts";

/** What may wait for a client that does not take it: several pages, or all the small deltas of long answers. */
const MOST_BYTES = 16 << 20;
const MOST_PACKETS = 20_000;

export interface BacklogEvents {
  /** Called for each packet that is sent. */
  readonly onPacket: () => void;
  readonly onExcess: () => void;
}

/**
 * Ends the connection of a client that takes less than its rooms say, before its backlog fills this server's memory. It
 * comes back, and asks for what it has missed.
 */
export function boundBacklog(connection: EngineConnection, { onPacket, onExcess }: BacklogEvents): void {
  let [bytes, packets] = [0, 0];
  connection.on("packetCreate", ({ data }: { data?: unknown }) => {
    bytes += ArrayBuffer.isView(data) ? data.byteLength : 0;
    packets++;
    onPacket();
    if (bytes <= MOST_BYTES && packets <= MOST_PACKETS) return;
    onExcess();
    endConnection(connection, "tryAgainLater");
  });
  // The connection took everything that was waiting; it does so again when that is on its way.
  connection.on("flush", () => {
    [bytes, packets] = [0, 0];
  });
}
