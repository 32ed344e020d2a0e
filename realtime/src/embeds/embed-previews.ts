import type { PrismaClient } from "@openmates-share/prisma";
import { type EmbedId, type EmbedPreview, embedPreviewSchema, idBytes } from "@openmates-share/protocol/wire";
import * as v from "valibot";
import { aliveWhere } from "../links/alive-where.ts";
import { type Vault, VaultError } from "../vault/vault.ts";
import { type EmbedGate, type EmbedRequest, requireManager } from "./embed-gate.ts";

/** Public cards of embeds: what their owners show to everybody, and only while there is a link. */
export class EmbedPreviews {
  readonly #database: PrismaClient;
  readonly #gate: EmbedGate;
  readonly #vault: Vault;

  constructor(options: { database: PrismaClient; gate: EmbedGate; vault: Vault }) {
    this.#database = options.database;
    this.#gate = options.gate;
    this.#vault = options.vault;
  }

  /** Null takes the card away. @throws WireFailure `not_found`, `forbidden` */
  async set(request: EmbedRequest & { preview: EmbedPreview | null }): Promise<void> {
    const { embed, preview } = request;
    requireManager(await this.#gate.check(request));
    const sealed =
      preview &&
      (await this.#vault.seal({
        key: "shared-content-metadata",
        context: embed,
        plaintext: Buffer.from(JSON.stringify(preview)),
      }));
    await this.#database.embed.updateMany({ where: { id: idBytes(embed) }, data: { preview: sealed } });
  }

  /** What anybody may see of an embed: null for one without a card, one without a link, and none, alike. */
  async find(embed: EmbedId): Promise<EmbedPreview | null> {
    const row = await this.#database.embed.findUnique({
      where: { id: idBytes(embed) },
      select: { preview: true, links: { where: aliveWhere(), select: { id: true }, take: 1 } },
    });
    if (!row?.preview || row.links.length === 0) return null;
    try {
      const opened = await this.#vault.open({ key: "shared-content-metadata", context: embed, sealed: row.preview });
      return v.parse(embedPreviewSchema, JSON.parse(Buffer.from(opened).toString()));
    } catch (error) {
      // As of chats: a card whose key was taken out of the vault is no card.
      if (error instanceof VaultError) return null;
      throw error;
    }
  }
}
