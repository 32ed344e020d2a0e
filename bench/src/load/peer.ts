/** One person in a room, whatever the server behind it. Everybody in the room gets every message, its writer too. */
export interface Peer {
  /** The bytes of one message, made before anything is measured. */
  prepare(options: { size: number }): Uint8Array;
  /** From now on nobody reads more of what comes than it takes to count it. */
  skim(): void;
  send(frame: Uint8Array): void;
  /** Called with how many messages have come. */
  onMessages: (count: number) => void;
  close(): void;
}

/** How rooms are made on one server. */
export type OpenRoom = (size: number) => Promise<readonly Peer[]>;
