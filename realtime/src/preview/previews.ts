import type { PrismaClient } from "@openmates-share/prisma";
import { type ChatId, idBytes, type Preview, previewSchema } from "@openmates-share/protocol/wire";
import type { AccessRequest, Gate } from "../access/gate.ts";
import { requireOwner } from "../access/require-owner.ts";
import type { Revocations } from "../access/revocations.ts";
import { aliveWhere } from "../links/alive-where.ts";
import type { Vault } from "../vault/vault.ts";
import { CardCache, type LoadedCard, lastExpiry } from "./card-cache.ts";
import { openCard, sealCard } from "./sealed-card.ts";

/** Public cards: the one thing about a chat that its owner may show to everybody, and only while it is shared. */
export class Previews {
  readonly #database: PrismaClient;
  readonly #gate: Gate;
  readonly #vault: Vault;
  readonly #revocations: Revocations;
  readonly #cache: CardCache<ChatId, Preview>;

  constructor(options: { database: PrismaClient; gate: Gate; vault: Vault; revocations: Revocations }) {
    this.#database = options.database;
    this.#gate = options.gate;
    this.#vault = options.vault;
    this.#revocations = options.revocations;
    this.#cache = new CardCache({
      revocations: options.revocations,
      changed: (revocation) => ("chat" in revocation ? revocation.chat : null),
    });
  }

  /** Null takes the card away. @throws WireFailure `not_found`, `forbidden` */
  async set(request: AccessRequest & { preview: Preview | null }): Promise<void> {
    const { chat, preview } = request;
    requireOwner(await this.#gate.check(request));
    const sealed = preview && (await sealCard(this.#vault, { of: chat, card: preview }));
    await this.#database.chat.updateMany({ where: { id: idBytes(chat) }, data: { preview: sealed } });
    this.#revocations.publish({ type: "preview-changed", chat });
  }

  /** What anybody may see of a chat: null for one without a card, one that is not shared, and none, alike. */
  async find(chat: ChatId): Promise<Preview | null> {
    return this.#cache.get(chat, () => this.#load(chat));
  }

  /** The same, if it is known without asking the database; undefined otherwise. */
  peek(chat: ChatId): Preview | null | undefined {
    return this.#cache.peek(chat);
  }

  /** Ends the cache's listening. */
  stop(): void {
    this.#cache.stop();
  }

  async #load(chat: ChatId): Promise<LoadedCard<Preview>> {
    const row = await this.#database.chat.findUnique({
      where: { id: idBytes(chat) },
      select: {
        preview: true,
        links: { where: aliveWhere(), select: { expiresAt: true, viewLimit: true, views: true } },
      },
    });
    // A card invites: without a link that still lets somebody in there is none.
    const inviting = row?.links.filter(({ viewLimit, views }) => viewLimit === null || views < viewLimit) ?? [];
    if (!row?.preview || inviting.length === 0) return { card: null, until: null };
    const card = await openCard(this.#vault, { of: chat, schema: previewSchema, sealed: row.preview });
    return { card, until: lastExpiry(inviting) };
  }
}
