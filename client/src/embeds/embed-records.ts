import {
  bytesSchema,
  type ChatId,
  chatIdSchema,
  type EmbedId,
  embedIdSchema,
  equalBytes,
  linkIdSchema,
} from "@openmates-share/protocol/wire";
import * as v from "valibot";
import { ClientError } from "../errors.ts";
import { pack, unpack } from "../msgpack.ts";
import type { SecretStore } from "../secret-store.ts";

const key32 = bytesSchema({ min: 32, max: 32 });
const heldLinkSchema = v.object({ link: linkIdSchema, linkKey: key32, wrapKey: key32 });

export const embedRecordSchema = v.object({
  embed: embedIdSchema,
  key: key32,
  /** Ed25519 of its maker. */
  ownerKey: key32,
  owner: v.boolean(),
  chat: v.nullable(chatIdSchema),
  type: v.string(),
  name: v.string(),
  /** Bytes. */
  size: v.number(),
  openedAt: v.number(),
  /** The link this device came by; null for the owner. */
  cameBy: v.nullable(heldLinkSchema),
  /** Links made here. */
  made: v.array(heldLinkSchema),
});
export type EmbedRecord = v.InferOutput<typeof embedRecordSchema>;

/** An embed that this device holds the key of on its own account, and not by a message. */
export interface KnownEmbed {
  readonly embed: EmbedId;
  readonly type: string;
  readonly name: string;
  readonly size: number;
  readonly owner: boolean;
  readonly chat: ChatId | null;
  /** Milliseconds since 1970. */
  readonly openedAt: number;
}

export const EMBED = "embed/";

/** The part of the keyring that is about embeds: those shared or opened by a link of their own. */
export class EmbedRecords {
  readonly #store: SecretStore;
  readonly #inTurn: <T>(name: string, work: () => Promise<T>) => Promise<T>;

  constructor(options: { store: SecretStore; inTurn: <T>(name: string, work: () => Promise<T>) => Promise<T> }) {
    this.#store = options.store;
    this.#inTurn = options.inTurn;
  }

  async get(embed: EmbedId): Promise<EmbedRecord | null> {
    const bytes = await this.#store.get(EMBED + embed);
    return bytes ? v.parse(embedRecordSchema, unpack(bytes)) : null;
  }

  /** Changes one record; `change` gets what is stored now, or null. A key is never replaced by another. */
  async update(embed: EmbedId, change: (now: EmbedRecord | null) => EmbedRecord): Promise<EmbedRecord> {
    return this.#inTurn(EMBED + embed, async () => {
      const before = await this.get(embed);
      const after = change(before);
      if (before && !(equalBytes(before.key, after.key) && equalBytes(before.ownerKey, after.ownerKey))) {
        throw new ClientError("wrong_sender", "This link holds another key than before. It was not opened.");
      }
      await this.#store.set(EMBED + embed, pack(after));
      return after;
    });
  }

  async forget(embed: EmbedId): Promise<void> {
    await this.#inTurn(EMBED + embed, async () => this.#store.delete(EMBED + embed));
  }

  async records(): Promise<EmbedRecord[]> {
    const names = await this.#store.names(EMBED);
    const records = await Promise.all(names.map((name) => this.#store.get(name)));
    return records.flatMap((bytes) => (bytes ? [v.parse(embedRecordSchema, unpack(bytes))] : []));
  }

  /** Newest first. */
  async list(): Promise<KnownEmbed[]> {
    return (await this.records())
      .map(({ embed, type, name, size, owner, chat, openedAt }) => ({ embed, type, name, size, owner, chat, openedAt }))
      .sort((a, b) => b.openedAt - a.openedAt);
  }
}
