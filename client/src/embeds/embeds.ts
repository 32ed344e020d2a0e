import type { EmbedRef } from "@openmates-share/protocol/content";
import {
  type EmbedSource,
  loadEmbedKey,
  openEmbedHeader,
  openEmbedLinkLabel,
  sealEmbedLinkLabel,
  unwrapEmbedKey,
  wrapEmbedKey,
} from "@openmates-share/protocol/embed";
import { createLinkKey, deriveWrapKey, identifyLink, shareUrl } from "@openmates-share/protocol/link";
import {
  type Bytes,
  bearerOfLink,
  type ChatId,
  EMBED_NOT_FOUND,
  type EmbedCard,
  type EmbedId,
  type EmbedLinkSummary,
  type EmbedPreview,
  fromBase64url,
  type LinkId,
  newId,
  ProtocolError,
  type SenderId,
  type StoredEmbed,
  toBase64url,
} from "@openmates-share/protocol/wire";
import type { Credentials } from "../api.ts";
import type { Device } from "../device.ts";
import { ClientError, UNABLE_TO_DECRYPT } from "../errors.ts";
import { EmbedApi } from "./embed-api.ts";
import type { EmbedRecord, EmbedRecords, KnownEmbed } from "./embed-records.ts";
import { OpenedEmbed } from "./opened-embed.ts";
import { requireCopied } from "./require-copied.ts";
import { type EmbedDraft, type UploadOptions, uploadEmbed } from "./upload-embed.ts";

/** An embed as a message names it: it has to belong to that chat and to come from who wrote the message. */
export interface MessageEmbed {
  readonly ref: EmbedRef;
  readonly chat: ChatId;
  readonly sender: SenderId;
}

export interface EmbedLinkOptions {
  /** Null or empty for none. */
  readonly password?: string | null;
  /** What the owner calls the link; the server can't read it. */
  readonly label?: string | null;
  /** Milliseconds since 1970, or null for none. */
  readonly expiresAt?: number | null;
}

export interface SharedEmbed {
  readonly embed: EmbedId;
  readonly link: LinkId;
  /** The link to send. */
  readonly url: string;
}

export interface OwnedEmbedLink extends Omit<EmbedLinkSummary, "label"> {
  readonly label: string | null;
  /** Null when this device does not hold the link's key. */
  readonly url: string | null;
}

/** A new reference, to upload under and to remember before anything is uploaded. */
export function newEmbedRef(): EmbedRef {
  return { id: newId<EmbedId>(), key: createLinkKey() };
}

/** Files beside messages, and on their own. Loaded when the first one is needed. */
export class Embeds {
  readonly #device: Device;
  readonly #api: EmbedApi;
  readonly #records: EmbedRecords;

  constructor(device: Device) {
    this.#device = device;
    this.#api = new EmbedApi(device.api);
    this.#records = device.keyring.embeds;
  }

  /** Those shared or opened by a link of their own, newest first. */
  known(): Promise<KnownEmbed[]> {
    return this.#records.list();
  }

  /**
   * Encrypts and uploads a file. Given the reference of an upload that broke off, it goes on there.
   * @throws ClientError `too_large` (the file or a quota), `not_allowed`, `aborted`, `unreachable` and other codes
   */
  async upload(draft: EmbedDraft, options: UploadOptions & { ref?: EmbedRef } = {}): Promise<EmbedRef> {
    const ref = options.ref ?? newEmbedRef();
    const identity = await this.#device.keyring.identity();
    const as = await this.#device.owner();
    const header = await uploadEmbed({ api: this.#api, ref, draft, identity, as, upload: options });
    // The key of one in a chat stands in the message that shows it; of one on its own it stands here alone.
    if (draft.chat === null) await this.#keep({ ref, header, publicKey: identity.publicKey, chat: null });
    return ref;
  }

  /**
   * Opens what a link or a message names; nothing of the content is fetched yet.
   * @throws ClientError `not_found`, `locked`, `unable_to_decrypt`, `unreachable`, and the protocol's codes
   */
  async openLink(
    { embed, key }: { embed: EmbedId; key: Bytes },
    { password = null, signal }: { password?: string | null; signal?: AbortSignal | undefined },
  ): Promise<OpenedEmbed> {
    const known = await this.#records.get(embed);
    if (known?.owner) return this.openKnown(embed, { signal });
    const identity = await identifyLink({ linkKey: key, subject: embed });
    if (!password && known?.cameBy?.link === identity.link) return this.openKnown(embed, { signal });
    const as = { link: bearerOfLink(identity) };
    const stored = await this.#open(embed, { as, signal });
    const wrapKey = await deriveWrapKey({ linkKey: key, subject: embed, password });
    const { raw, owner } = await unlock({ stored, link: identity.link, wrapKey: wrapKey.key, password });
    const ref = { id: embed, key: raw };
    const opened = await this.#opened({ ref, stored, source: { type: "link", owner }, credentials: async () => as });
    await this.#records.update(embed, (now) => ({
      ...(now ?? { embed, key: raw, ownerKey: owner, owner: false, chat: null, made: [] }),
      key: raw,
      ownerKey: owner,
      ...described(opened),
      cameBy: { link: identity.link, linkKey: key, wrapKey: wrapKey.raw },
    }));
    // The view counts for the owner's list; the reader needs not wait for it, nor fail with it.
    this.#api.countView(embed, { as }).catch(() => undefined);
    return opened;
  }

  /** @throws ClientError `no_key`, and as `openLink` */
  async openKnown(embed: EmbedId, { signal }: { signal?: AbortSignal | undefined } = {}): Promise<OpenedEmbed> {
    const record = await this.#require(embed);
    const credentials = () => this.#credentials(record);
    const stored = await this.#open(embed, { as: await credentials(), signal });
    const source: EmbedSource = { type: "link", owner: record.ownerKey };
    return this.#opened({ ref: { id: embed, key: record.key }, stored, source, credentials });
  }

  /** @throws ClientError as `openLink` */
  async openInMessage({ ref, chat, sender }: MessageEmbed, { signal }: { signal?: AbortSignal | undefined } = {}) {
    const record = await this.#device.keyring.requireChat(chat);
    const credentials = () => this.#device.credentials(record);
    const stored = await this.#open(ref.id, { as: await credentials(), signal });
    return this.#opened({ ref, stored, source: { type: "message", chat, sender }, credentials });
  }

  /** Makes a link to one embed alone. @throws ClientError `not_allowed` for one of somebody else */
  async share(opened: OpenedEmbed, options: EmbedLinkOptions & { chat?: ChatId | null } = {}): Promise<SharedEmbed> {
    if (!opened.owner) throw new ClientError("not_allowed", "Only who added this can share it on its own.");
    const { ref, publicKey } = opened;
    await this.#keep({ ref, header: opened, publicKey, chat: options.chat ?? null });
    return this.createLink(ref.id, options);
  }

  /** One more link to an embed of one's own that was shared before. */
  async createLink(embed: EmbedId, options: EmbedLinkOptions = {}): Promise<SharedEmbed> {
    const record = await this.#requireOwned(embed);
    const linkKey = createLinkKey();
    const { link, tokenHash } = await identifyLink({ linkKey, subject: embed });
    const wrapKey = await deriveWrapKey({ linkKey, subject: embed, password: options.password ?? null });
    const embedKey = await loadEmbedKey({ embed, raw: record.key });
    const wrapped = await wrapEmbedKey({ embedKey, owner: record.ownerKey, link, wrapKey: wrapKey.key });
    const label = options.label ? await sealEmbedLinkLabel({ embedKey, link, text: options.label }) : null;
    // Kept before it exists on the server: a link that only the server knows could never be shown or revoked by name.
    await this.#change(embed, (now) => ({ ...now, made: [...now.made, { link, linkKey, wrapKey: wrapKey.raw }] }));
    await this.#api.createLink(embed, {
      link: {
        link,
        tokenHash: toBase64url(tokenHash),
        wrappedKey: toBase64url(wrapped),
        label: label && toBase64url(label),
        expiresAt: options.expiresAt ?? null,
      },
      as: await this.#device.owner(),
    });
    return { embed, link, url: await this.#urlOf(embed, linkKey) };
  }

  /** Empty for an embed that was never shared on its own. */
  async links(embed: EmbedId): Promise<OwnedEmbedLink[]> {
    const record = await this.#records.get(embed);
    if (!record?.owner) return [];
    const embedKey = await loadEmbedKey({ embed, raw: record.key });
    const summaries = await this.#api.links(embed, { as: await this.#device.owner() });
    return Promise.all(
      summaries.map(async (summary) => {
        const held = record.made.find(({ link }) => link === summary.link);
        const sealed = summary.label === null ? null : fromBase64url(summary.label);
        const opening = sealed && openEmbedLinkLabel({ embedKey, link: summary.link, sealed });
        // A label that does not open is left out: it is the owner's note, nothing depends on it.
        const label = (await opening?.catch(() => null)) ?? null;
        return { ...summary, label, url: held ? await this.#urlOf(embed, held.linkKey) : null };
      }),
    );
  }

  /** Reading by that link stops at once; what its readers hold already can't be taken back. */
  async revokeLink(embed: EmbedId, link: LinkId): Promise<void> {
    await this.#requireOwned(embed);
    await this.#api.revokeLink(embed, { link, as: await this.#device.owner() });
    await this.#change(embed, (now) => ({ ...now, made: now.made.filter((held) => held.link !== link) }));
  }

  /** What a card of an embed may show; needs no key and tells nothing about whether there is such an embed. */
  preview(embed: EmbedId): Promise<EmbedCard> {
    return this.#api.preview(embed);
  }

  /** A public card, for everybody who sees a link to it; null takes it away. */
  async setPreview(embed: EmbedId, preview: EmbedPreview | null): Promise<void> {
    await this.#requireOwned(embed);
    await this.#api.setPreview(embed, { preview, as: await this.#device.owner() });
  }

  /** Erases it everywhere, and its key here. @throws ClientError `not_found`, `forbidden` */
  async delete(embed: EmbedId): Promise<void> {
    await this.#api.delete(embed, { as: await this.#device.owner() });
    await this.#records.forget(embed);
  }

  /** Drops this device's key of it; it goes on itself. */
  forget(embed: EmbedId): Promise<void> {
    return this.#records.forget(embed);
  }

  /** @throws ClientError `not_found` when the server answers with another embed */
  async #open(embed: EmbedId, asking: { as: Credentials; signal?: AbortSignal | undefined }): Promise<StoredEmbed> {
    const stored = await this.#api.open(embed, asking);
    if (stored.embed !== embed) throw new ClientError("not_found", EMBED_NOT_FOUND);
    return stored;
  }

  async #opened(options: {
    ref: EmbedRef;
    stored: StoredEmbed;
    source: EmbedSource;
    credentials: () => Promise<Credentials>;
  }): Promise<OpenedEmbed> {
    const { ref, stored, source, credentials } = options;
    const embedKey = await loadEmbedKey({ embed: ref.id, raw: ref.key });
    const { header, publicKey } = await openEmbedHeader({ embedKey, sealed: stored.header, source });
    await requireCopied(ref, header);
    return new OpenedEmbed({ ref, header, publicKey, stored, api: this.#api, credentials });
  }

  async #keep(options: {
    ref: EmbedRef;
    header: Pick<EmbedRecord, "type" | "name" | "size">;
    publicKey: Bytes;
    chat: ChatId | null;
  }): Promise<void> {
    const { ref, header, publicKey, chat } = options;
    await this.#records.update(ref.id, (now) => ({
      embed: ref.id,
      key: ref.key,
      ownerKey: publicKey,
      owner: true,
      chat: now?.chat ?? chat,
      ...described(header),
      cameBy: null,
      made: now?.made ?? [],
    }));
  }

  /** The owner goes by the session, everybody else by the link they came by. */
  async #credentials({ embed, cameBy }: EmbedRecord): Promise<Credentials> {
    if (!cameBy) return this.#device.owner();
    return { link: bearerOfLink(await identifyLink({ linkKey: cameBy.linkKey, subject: embed })) };
  }

  /** @throws ClientError `no_key` */
  async #require(embed: EmbedId): Promise<EmbedRecord> {
    const record = await this.#records.get(embed);
    if (record) return record;
    throw new ClientError("no_key", "This device has no key for that. Please open it by its link.");
  }

  /** @throws ClientError `no_key`, `not_allowed` */
  async #requireOwned(embed: EmbedId): Promise<EmbedRecord> {
    const record = await this.#require(embed);
    if (record.owner) return record;
    throw new ClientError("not_allowed", "Only who added this can do that.");
  }

  async #change(embed: EmbedId, change: (now: EmbedRecord) => EmbedRecord): Promise<void> {
    await this.#records.update(embed, (now) => {
      if (!now) throw new ClientError("no_key", EMBED_NOT_FOUND);
      return change(now);
    });
  }

  async #urlOf(embed: EmbedId, key: Bytes): Promise<string> {
    const { publicUrl } = await this.#device.service();
    return shareUrl(publicUrl, { subject: { type: "embed", id: embed }, key, message: null });
  }
}

function described({ type, name, size }: Pick<EmbedRecord, "type" | "name" | "size">) {
  return { type, name, size, openedAt: Date.now() };
}

/** @throws ClientError `locked` without a password, `unable_to_decrypt` with one; nothing else is tried (R3) */
async function unlock(options: {
  stored: StoredEmbed;
  link: LinkId;
  wrapKey: CryptoKey;
  password: string | null;
}): Promise<{ raw: Bytes; owner: Bytes }> {
  const { stored, link, wrapKey, password } = options;
  // A link that shows nothing to open with is one that the server did not take for this embed's.
  if (!stored.wrappedKey) throw new ClientError("not_found", EMBED_NOT_FOUND);
  try {
    const { embedKey, owner } = await unwrapEmbedKey({
      wrapped: stored.wrappedKey,
      embed: stored.embed,
      link,
      wrapKey,
    });
    return { raw: embedKey.raw, owner };
  } catch (cause) {
    if (!(cause instanceof ProtocolError) || cause.code !== "wrong_key") throw cause;
    if (password) throw new ClientError("unable_to_decrypt", UNABLE_TO_DECRYPT, { cause });
    throw new ClientError("locked", "This is protected by a password.", { cause });
  }
}
