import {
  bytesSchema,
  type CreateEmbed,
  type CreateEmbedLink,
  EMBED_TYPES,
  type EmbedCard,
  type EmbedId,
  type EmbedLinkSummary,
  type EmbedPreview,
  type EmbedUpload,
  embedIdSchema,
  LARGEST_SEALED_EMBED,
  LIMITS,
  type LinkId,
  linkIdSchema,
  partCount,
  type StoredEmbed,
  WRAPPED_KEY_LENGTH,
} from "@openmates-share/protocol/wire";
import * as v from "valibot";
import type { Api, Credentials } from "../api.ts";
import { endingHere, onServer } from "../clocks.ts";
import { unreachable } from "../errors.ts";
import { previewCardSchema, readAnswer } from "../responses.ts";
import { readExactly } from "./read-exactly.ts";

const uploadSchema = v.object({
  complete: v.boolean(),
  parts: v.pipe(
    v.array(v.pipe(v.number(), v.safeInteger(), v.minValue(0))),
    v.maxLength(partCount(LARGEST_SEALED_EMBED)),
  ),
}) satisfies v.GenericSchema<unknown, EmbedUpload>;

const storedSchema = v.object({
  embed: embedIdSchema,
  header: bytesSchema({ min: 1, max: LIMITS.embedHeader }),
  size: v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(LARGEST_SEALED_EMBED)),
  owner: v.boolean(),
  wrappedKey: v.nullable(bytesSchema({ min: WRAPPED_KEY_LENGTH, max: WRAPPED_KEY_LENGTH })),
  until: v.nullable(v.number()),
}) satisfies v.GenericSchema<unknown, StoredEmbed>;

const cardSchema = v.object({
  ...v.omit(previewCardSchema, ["category"]).entries,
  type: v.nullable(v.picklist(EMBED_TYPES)),
}) satisfies v.GenericSchema<unknown, EmbedCard>;

const linksSchema = v.object({
  links: v.array(
    v.object({
      link: linkIdSchema,
      label: v.nullable(v.string()),
      createdAt: v.number(),
      expiresAt: v.nullable(v.number()),
      views: v.number(),
    }) satisfies v.GenericSchema<unknown, EmbedLinkSummary>,
  ),
});

interface Asking {
  readonly as: Credentials;
  readonly signal?: AbortSignal | undefined;
}

/** What the server does with embeds, typed. */
export class EmbedApi {
  readonly #api: Api;

  constructor(api: Api) {
    this.#api = api;
  }

  async create(embed: CreateEmbed, asking: Asking): Promise<EmbedUpload> {
    return readAnswer(
      uploadSchema,
      await this.#api.json({ method: "POST", path: "/api/embeds", json: embed, ...asking }),
    );
  }

  async putPart(
    embed: EmbedId,
    { index, bytes, ...asking }: Asking & { index: number; bytes: Uint8Array<ArrayBuffer> },
  ) {
    await this.#api.send({ method: "PUT", path: `/api/embeds/${embed}/parts/${index}`, bytes, ...asking });
  }

  async complete(embed: EmbedId, { header, ...asking }: Asking & { header: string }): Promise<void> {
    await this.#api.send({ method: "POST", path: `/api/embeds/${embed}/complete`, json: { header }, ...asking });
  }

  async open(embed: EmbedId, asking: Asking): Promise<StoredEmbed> {
    return readAnswer(storedSchema, await this.#api.packed({ method: "GET", path: `/api/embeds/${embed}`, ...asking }));
  }

  /** @throws ClientError `unreachable` when other than `length` bytes come */
  async part(
    embed: EmbedId,
    { index, length, ...asking }: Asking & { index: number; length: number },
  ): Promise<Uint8Array> {
    const response = await this.#api.send({ method: "GET", path: `/api/embeds/${embed}/parts/${index}`, ...asking });
    try {
      return await readExactly(response, length);
    } catch (cause) {
      throw unreachable(cause);
    }
  }

  async delete(embed: EmbedId, asking: Asking): Promise<void> {
    await this.#api.send({ method: "DELETE", path: `/api/embeds/${embed}`, ...asking });
  }

  async createLink(embed: EmbedId, { link, ...asking }: Asking & { link: CreateEmbedLink }): Promise<void> {
    const json = { ...link, expiresAt: onServer(link.expiresAt, this.#api) };
    await this.#api.send({ method: "POST", path: `/api/embeds/${embed}/links`, json, ...asking });
  }

  async links(embed: EmbedId, asking: Asking): Promise<readonly EmbedLinkSummary[]> {
    const answer = await this.#api.json({ method: "GET", path: `/api/embeds/${embed}/links`, ...asking });
    return readAnswer(linksSchema, answer).links.map((link) => endingHere(link, this.#api));
  }

  async revokeLink(embed: EmbedId, { link, ...asking }: Asking & { link: LinkId }): Promise<void> {
    await this.#api.send({ method: "DELETE", path: `/api/embeds/${embed}/links/${link}`, ...asking });
  }

  async setPreview(embed: EmbedId, { preview, ...asking }: Asking & { preview: EmbedPreview | null }): Promise<void> {
    const path = `/api/embeds/${embed}/preview`;
    await this.#api.send(
      preview ? { method: "PUT", path, json: preview, ...asking } : { method: "DELETE", path, ...asking },
    );
  }

  /** What a card of the embed may show; needs no key and tells nothing about whether there is such an embed. */
  async preview(embed: EmbedId): Promise<EmbedCard> {
    return readAnswer(cardSchema, await this.#api.json({ method: "GET", path: `/api/embeds/${embed}/preview` }));
  }

  async countView(embed: EmbedId, asking: Asking): Promise<void> {
    await this.#api.send({ method: "POST", path: `/api/embeds/${embed}/views`, ...asking });
  }
}
