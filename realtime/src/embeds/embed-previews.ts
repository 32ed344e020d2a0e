import type { PrismaClient } from "@openmates-share/prisma";
import { type EmbedId, type EmbedPreview, embedPreviewSchema, idBytes } from "@openmates-share/protocol/wire";
import type { Revocation, Revocations } from "../access/revocations.ts";
import { aliveWhere } from "../links/alive-where.ts";
import { CardCache, type LoadedCard, lastExpiry } from "../preview/card-cache.ts";
import { openCard, sealCard } from "../preview/sealed-card.ts";
import type { Vault } from "../vault/vault.ts";
import { type EmbedGate, type EmbedRequest, requireManager } from "./embed-gate.ts";

/** Public cards of embeds: what their owners show to everybody, and only while there is a link. */
export class EmbedPreviews {
  readonly #database: PrismaClient;
  readonly #gate: EmbedGate;
  readonly #vault: Vault;
  readonly #revocations: Revocations;
  readonly #cache: CardCache<EmbedId, EmbedPreview>;

  constructor(options: { database: PrismaClient; gate: EmbedGate; vault: Vault; revocations: Revocations }) {
    this.#database = options.database;
    this.#gate = options.gate;
    this.#vault = options.vault;
    this.#revocations = options.revocations;
    this.#cache = new CardCache({ revocations: options.revocations, changed: changedCard });
  }

  /** Null takes the card away. @throws WireFailure `not_found`, `forbidden` */
  async set(request: EmbedRequest & { preview: EmbedPreview | null }): Promise<void> {
    const { embed, preview } = request;
    requireManager(await this.#gate.check(request));
    const sealed = preview && (await sealCard(this.#vault, { of: embed, card: preview }));
    await this.#database.embed.updateMany({ where: { id: idBytes(embed) }, data: { preview: sealed } });
    this.#revocations.publish({ type: "embed-changed", embed });
  }

  /** What anybody may see of an embed: null for one without a card, one without a link, and none, alike. */
  async find(embed: EmbedId): Promise<EmbedPreview | null> {
    return this.#cache.get(embed, () => this.#load(embed));
  }

  /** Ends the cache's listening. */
  stop(): void {
    this.#cache.stop();
  }

  async #load(embed: EmbedId): Promise<LoadedCard<EmbedPreview>> {
    const row = await this.#database.embed.findUnique({
      where: { id: idBytes(embed) },
      select: { preview: true, links: { where: aliveWhere(), select: { expiresAt: true } } },
    });
    if (!row?.preview || row.links.length === 0) return { card: null, until: null };
    const card = await openCard(this.#vault, { of: embed, schema: embedPreviewSchema, sealed: row.preview });
    return { card, until: lastExpiry(row.links) };
  }
}

function changedCard(revocation: Revocation): EmbedId | "all" | null {
  if (revocation.type === "embed-changed") return revocation.embed ?? "all";
  // Its files go with it.
  return revocation.type === "chat-deleted" ? "all" : null;
}
