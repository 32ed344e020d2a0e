import type { ChatKey } from "@openmates-share/protocol/crypto";
import type { Bytes, ChatId, MessageId, SenderId } from "@openmates-share/protocol/wire";
import type { RoomMessage } from "./room-state.ts";

/** What it takes to open the messages of a chat. */
export interface OpenerSetup {
  readonly chat: ChatId;
  readonly keys: readonly ChatKey[];
  /** The service, whose signature makes a reply the mate's. */
  readonly mate: SenderId;
}

/** A message as far as opening needs it. */
export interface Sealed {
  readonly id: MessageId;
  readonly sender: SenderId;
  readonly envelope: Bytes;
}

export interface OpenedEnvelope {
  /** SHA-256 of the envelope. */
  readonly digest: Bytes;
  readonly body: RoomMessage["body"];
}

/** The work on many messages that takes time: here, or in a worker that leaves the screen free. */
export interface MessageOpener {
  /** Decrypts and verifies each; what does not open is `broken`, and no error. */
  open(messages: readonly Sealed[]): Promise<readonly OpenedEnvelope[]>;
  /** The heads behind `before` (32 bytes) for packed entries of the spine: 32 bytes for each. */
  heads(before: Bytes, entries: Bytes): Promise<Bytes>;
  /** Keys of epochs that began meanwhile, for what is opened from now on. */
  addKeys(keys: readonly ChatKey[]): void;
  /** May be called twice; what is under way may then never end. */
  stop(): void;
}

export type StartOpener = (setup: OpenerSetup) => MessageOpener;
