import type { ConversationMessage, EmbedRef } from "@openmates-share/protocol/content";
import type { ChatId, MessageId, Position, Preview } from "@openmates-share/protocol/wire";
import { pack, unpack } from "./msgpack.ts";
import type { LinkOptions } from "./owned-chats.ts";
import type { SecretStore } from "./secret-store.ts";

/** How far sharing a conversation has come: everything that is needed to go on, beside the chat's keys. */
export interface SharingRecord {
  readonly chat: ChatId;
  readonly title: string;
  /** Messages. */
  readonly total: number;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** What the app calls it: the draft it came from. */
  readonly tag: string;
  readonly settings: SharingSettings;
  /** What the server has acknowledged. */
  readonly done: Position;
  /** Ids of the messages that were on their way then: sent again, they are stored once. */
  readonly pending: readonly MessageId[];
  /** Files that are uploaded, by their sources. */
  readonly embeds: Readonly<Record<string, EmbedRef>>;
  /** The file that was on its way, and what it is uploaded under. */
  readonly uploading: { readonly source: string; readonly ref: EmbedRef } | null;
  /** Sources of files that are left out. */
  readonly without: readonly string[];
}

export interface SharingSettings extends LinkOptions {
  readonly preview: Preview | null;
  /** The owner's name in the chat; empty for none. */
  readonly name: string;
  /** Further people, by e-mail address; absent in records of old. */
  readonly alsoFor?: readonly string[];
}

const RECORD = "sharing/";
const TEXT = "sharing-text/";

/** Sharings that are not complete, kept among the secrets: the conversation is not for everybody's eyes. */
export class SharingRecords {
  readonly #store: SecretStore;

  constructor(store: SecretStore) {
    this.#store = store;
  }

  /** Oldest first. */
  async list(): Promise<SharingRecord[]> {
    const names = await this.#store.names(RECORD);
    const all = await Promise.all(names.map((name) => this.#read<SharingRecord>(name)));
    return all.filter((record) => record !== null).sort((a, b) => a.startedAt - b.startedAt);
  }

  /** The text first: a record never stands without what it names. */
  async begin(record: SharingRecord, messages: readonly ConversationMessage[]): Promise<void> {
    await this.#store.set(TEXT + record.chat, pack(messages));
    await this.save(record);
  }

  async save(record: SharingRecord): Promise<void> {
    await this.#store.set(RECORD + record.chat, pack(record));
  }

  async find(chat: ChatId): Promise<{ record: SharingRecord; messages: readonly ConversationMessage[] } | null> {
    const record = await this.#read<SharingRecord>(RECORD + chat);
    const messages = record && (await this.#read<ConversationMessage[]>(TEXT + chat));
    return record && messages ? { record, messages } : null;
  }

  async end(chat: ChatId): Promise<void> {
    await this.#store.delete(RECORD + chat);
    await this.#store.delete(TEXT + chat);
  }

  /** Only this class writes under these names, and stores refuse altered bytes: the type is what was written. */
  async #read<T>(name: string): Promise<T | null> {
    const bytes = await this.#store.get(name);
    return bytes ? (unpack(bytes) as T) : null;
  }
}
