import type { Identity } from "@openmates-share/protocol/crypto";
import type { Bytes, OpenedChat, Position, SenderId } from "@openmates-share/protocol/wire";
import type { HistorySource } from "./history.ts";
import type { Erasure } from "./owner-api.ts";
import type { ReadsSetup } from "./reads.ts";
import type { SecretStore } from "./secret-store.ts";
import type { Transcript } from "./transcript.ts";

/** What a room needs from the world around it. */
export interface RoomSetup {
  readonly opened: OpenedChat;
  readonly transcript: Transcript;
  readonly identity: Identity;
  /** From the wrapped key or the keyring, never from the server. */
  readonly owner: { readonly key: Bytes; readonly sender: SenderId };
  /** Bytes of the successions that lead to that owner. */
  readonly successions: number;
  readonly title: string;
  readonly name: string | null;
  /** Proof of the link for joining; null for the owner. */
  readonly linkBearer: string | null;
  readonly seen: Position | null;
  /** Whether a line will come, by `follow`. */
  readonly live: boolean;
  readonly source: HistorySource;
  /** Has the server erase what it stored of a message that an amendment takes back. */
  readonly erase: (erasure: Erasure) => Promise<void>;
  readonly remember: (known: { seen: Position; title: string }) => Promise<void>;
  /** How far this device has read, how that is remembered, and whether others may be told. */
  readonly reading: Pick<ReadsSetup, "through" | "remember" | "told">;
  /** Where what is written waits to be sent: as long as that store keeps it. */
  readonly unsent: SecretStore;
  readonly rememberName: (name: string) => Promise<void>;
  readonly onClose: () => void;
}
