import type { Conversation } from "@openmates-share/protocol/content";
import {
  type ChatKey,
  createChatKey,
  sealLinkLabel,
  sealTranscript,
  wrapChatKey,
} from "@openmates-share/protocol/crypto";
import { createLinkKey, deriveWrapKey, identifyLink, shareUrl } from "@openmates-share/protocol/link";
import {
  type Bytes,
  type ChatId,
  equalBytes,
  type LinkId,
  type LinkMode,
  type LinkSummary,
  newId,
  type Position,
  type Preview,
  toBase64url,
} from "@openmates-share/protocol/wire";
import type { Device } from "./device.ts";
import { ClientError } from "./errors.ts";
import { chatKeysOf, newestChatKey } from "./keyring.ts";
import { readLabel } from "./unlock.ts";
import { sealConversation } from "./upload.ts";

export interface LinkOptions {
  readonly mode: LinkMode;
  /** Null or empty for none. */
  readonly password?: string | null;
  /** What the owner calls the link; the server can't read it. */
  readonly label?: string | null;
  /** Milliseconds since 1970, or null for none. */
  readonly expiresAt?: number | null;
}

export interface ShareOptions extends LinkOptions {
  /** A public card; null for the generic one. */
  readonly preview?: Preview | null;
  /** The owner's name in the chat. */
  readonly name?: string;
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

export interface SharedChat {
  readonly chat: ChatId;
  readonly link: LinkId;
  /** The link to send. */
  readonly url: string;
}

export interface OwnedLink extends Omit<LinkSummary, "label"> {
  readonly label: string | null;
  /** Null when this device does not hold the link's key. */
  readonly url: string | null;
}

/** What the owner of chats does: share, seal, make and revoke links. */
export class OwnedChats {
  readonly #device: Device;

  constructor(device: Device) {
    this.#device = device;
  }

  /**
   * Creates the chat, uploads it encrypted, seals it and makes the first link, in this order: until the last step nobody
   * else can see any of it, and when a step fails what there is gets erased again.
   */
  async share(conversation: Conversation, options: ShareOptions): Promise<SharedChat> {
    if (conversation.messages.length === 0) throw new ClientError("bad_request", "There is nothing to share yet.");
    const chat = newId<ChatId>();
    const chatKey = await createChatKey(chat);
    await this.#createChat(chatKey, { title: conversation.title, name: options.name ?? null });
    try {
      const end = await this.#upload(conversation, { chatKey, options });
      await this.seal({ chatKey, title: conversation.title, end });
      if (options.preview) await this.setPreview(chat, options.preview);
      return await this.createLink(chat, options);
    } catch (error) {
      await this.delete(chat).catch(() => this.#device.keyring.forget(chat));
      throw error;
    }
  }

  /** Makes one more link to a chat of one's own. */
  async createLink(chat: ChatId, options: LinkOptions): Promise<SharedChat> {
    const record = await this.#device.requireOwned(chat);
    const linkKey = createLinkKey();
    const { link, tokenHash } = await identifyLink({ linkKey, subject: chat });
    const wrapKey = await deriveWrapKey({ linkKey, subject: chat, password: options.password ?? null });
    const chatKeys = await chatKeysOf(record);
    const wrappedKeys = await Promise.all(
      chatKeys.map(async (chatKey) => ({
        epoch: chatKey.epoch,
        key: toBase64url(await wrapChatKey({ chatKey, owner: record.ownerKey, link, wrapKey: wrapKey.key })),
      })),
    );
    const newest = chatKeys.at(-1);
    const label = options.label && newest ? await sealLinkLabel({ chatKey: newest, link, text: options.label }) : null;
    // Kept before it exists on the server: a link that only the server knows could never be shown or revoked by name.
    await this.#device.changeRecord(chat, (now) => ({
      ...now,
      made: [...now.made, { link, linkKey, wrapKey: wrapKey.raw }],
    }));
    await this.#device.api.createLink(chat, {
      link: {
        link,
        tokenHash: toBase64url(tokenHash),
        mode: options.mode,
        wrappedKeys,
        label: label && toBase64url(label),
        expiresAt: options.expiresAt ?? null,
      },
      as: await this.#device.owner(),
    });
    return { chat, link, url: await this.#urlOf(chat, linkKey) };
  }

  async links(chat: ChatId): Promise<OwnedLink[]> {
    const record = await this.#device.requireOwned(chat);
    const chatKey = await newestChatKey(record);
    const summaries = await this.#device.api.links(chat, await this.#device.owner());
    return Promise.all(
      summaries.map(async (summary) => {
        const held = record.made.find(({ link }) => link === summary.link);
        const label = await readLabel({ chatKey, link: summary.link, sealed: summary.label });
        return { ...summary, label, url: held ? await this.#urlOf(chat, held.linkKey) : null };
      }),
    );
  }

  /** Reading by that link stops at once; what its readers hold already can't be taken back. */
  async revokeLink(chat: ChatId, link: LinkId): Promise<void> {
    await this.#device.requireOwned(chat);
    await this.#device.api.revokeLink(chat, { link, as: await this.#device.owner() });
    await this.#device.changeRecord(chat, (now) => ({ ...now, made: now.made.filter((held) => held.link !== link) }));
  }

  /** Seals the transcript up to `end`: what is shared ends there from now on. */
  async seal({ chatKey, title, end }: { chatKey: ChatKey; title: string; end: Position }): Promise<void> {
    const { chat } = chatKey;
    const owner = await this.#device.keyring.identity();
    const sealed = await sealTranscript({ chatKey, owner, seal: { ...end, title, time: Date.now() } });
    const update = { through: end.seq, seal: toBase64url(sealed) };
    await this.#device.api.updateShared(chat, { update, as: await this.#device.owner() });
    await this.#device.changeRecord(chat, (now) => ({ ...now, title, seen: { seq: end.seq, head: end.head } }));
  }

  async setPreview(chat: ChatId, preview: Preview | null): Promise<void> {
    await this.#device.api.setPreview(chat, { preview, as: await this.#device.owner() });
  }

  /** Erases a chat everywhere, and its keys here. */
  async delete(chat: ChatId): Promise<void> {
    await this.#device.requireOwned(chat);
    await this.#device.api.deleteChat(chat, await this.#device.owner());
    await this.#device.keyring.forget(chat);
  }

  async #createChat(chatKey: ChatKey, { title, name }: { title: string; name: string | null }): Promise<void> {
    const { chat, epoch, raw } = chatKey;
    const { sender, publicKey } = await this.#device.keyring.identity();
    const mate = await this.#device.mateKey();
    await this.#device.withSession((as) => this.#device.api.createChat({ chat, owner: sender }, as));
    await this.#device.keyring.updateChat(chat, () => ({
      chat,
      title,
      owner: true,
      ownerKey: publicKey,
      mate,
      openedAt: Date.now(),
      cameBy: null,
      keys: [{ epoch, raw }],
      made: [],
      seen: null,
      name,
    }));
  }

  async #upload(
    conversation: Conversation,
    { chatKey, options }: { chatKey: ChatKey; options: ShareOptions },
  ): Promise<Position> {
    const { onProgress, signal } = options;
    const identity = await this.#device.keyring.identity();
    const as = await this.#device.owner();
    const total = conversation.messages.length;
    let done = 0;
    let end: Position | null = null;
    for await (const page of sealConversation({ chatKey, identity, conversation, name: options.name ?? "" })) {
      if (signal?.aborted) throw new ClientError("aborted", "Sharing was cancelled.");
      const { receipts } = await this.#device.api.upload(chatKey.chat, { messages: page.messages, as, signal });
      const last = receipts.at(-1);
      if (!last || last.seq !== page.end.seq || !equalBytes(last.head, page.end.head)) {
        throw new ClientError("head_mismatch", "The server did not store the messages as they were sent.");
      }
      end = page.end;
      done += page.messages.length;
      onProgress?.(done, total);
    }
    if (!end) throw new ClientError("bad_request", "There is nothing to share yet.");
    return end;
  }

  async #urlOf(chat: ChatId, key: Bytes): Promise<string> {
    const { publicUrl } = await this.#device.service();
    return shareUrl(publicUrl, { subject: { type: "chat", id: chat }, key, message: null });
  }
}
