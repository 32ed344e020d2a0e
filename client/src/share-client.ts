import type { Conversation } from "@openmates-share/protocol/content";
import {
  type ChatKey,
  createChatKey,
  loadChatKey,
  sealLinkLabel,
  sealTranscript,
  senderIdOf,
  wrapChatKey,
} from "@openmates-share/protocol/crypto";
import {
  createLinkKey,
  deriveWrapKey,
  identifyLink,
  parseShareUrl,
  type ShareLink,
  shareUrl,
} from "@openmates-share/protocol/link";
import {
  type Bytes,
  bearerOfLink,
  CHAT_NOT_FOUND,
  type ChatId,
  EMBED_NOT_FOUND,
  equalBytes,
  fromBase64url,
  type LinkId,
  type LinkMode,
  type LinkSummary,
  newId,
  type OpenedChat,
  type Position,
  type Preview,
  type PreviewCard,
  type ServiceInfo,
  toBase64url,
} from "@openmates-share/protocol/wire";
import { Api, type Credentials } from "./api.ts";
import type { Connection } from "./connection.ts";
import { ClientError } from "./errors.ts";
import { type ChatRecord, Keyring, type KnownChat } from "./keyring.ts";
import { Room } from "./room.ts";
import type { SecretStore } from "./secret-store.ts";
import { Transcript } from "./transcript.ts";
import { mergeKeys, readLabel, requireSameChat, unlock, unwrapAll } from "./unlock.ts";
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

export interface OpenOptions {
  /** Null or empty to try without. */
  readonly password?: string | null;
  /** The name to write under. */
  readonly name?: string;
  /** False to read once and not to follow. */
  readonly live?: boolean;
  readonly signal?: AbortSignal;
}

export interface OwnedLink extends Omit<LinkSummary, "label"> {
  readonly label: string | null;
  /** Null when this device does not hold the link's key. */
  readonly url: string | null;
}

/** The person's side of everything: one per device and server. */
export class ShareClient {
  readonly #server: string;
  readonly #api: Api;
  readonly #keyring: Keyring;
  readonly #rooms = new Set<Room>();
  #connection: Connection | null = null;
  #service: Promise<ServiceInfo> | null = null;
  #closed = false;

  constructor(options: { server: string; store: SecretStore; fetch?: typeof fetch }) {
    this.#server = requireServer(options.server);
    this.#api = new Api({ ...options, server: this.#server });
    this.#keyring = new Keyring(options.store);
  }

  service(): Promise<ServiceInfo> {
    this.#service ??= this.#api.service().catch((error: unknown) => {
      this.#service = null;
      throw error;
    });
    return this.#service;
  }

  /** Chats that this device holds keys for, newest first. */
  chats(): Promise<KnownChat[]> {
    return this.#keyring.chats();
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
      await this.#seal({ chatKey, title: conversation.title, end });
      if (options.preview) await this.setPreview(chat, options.preview);
      return await this.createLink(chat, options);
    } catch (error) {
      await this.deleteChat(chat).catch(() => this.#keyring.forget(chat));
      throw error;
    }
  }

  /** @throws ClientError `locked`, `unable_to_decrypt`, `not_found`, `unreachable`, `malformed` and other codes */
  async open(link: string | ShareLink, options: OpenOptions = {}): Promise<Room> {
    const { subject, key } = typeof link === "string" ? parseShareUrl(link) : link;
    if (subject.type === "embed") throw new ClientError("not_found", EMBED_NOT_FOUND);
    const chat = subject.id;
    const known = await this.#keyring.chat(chat);
    if (known?.owner) return this.reopen(chat, options);
    const identity = await identifyLink({ linkKey: key, subject: chat });
    // Needed below; on its way meanwhile.
    this.service().catch(() => undefined);
    // The same link a second time: the device holds what the password once opened.
    if (!options.password && known?.cameBy?.link === identity.link) return this.reopen(chat, options);
    const opened = await this.#api.open(chat, {
      after: 0,
      as: { link: bearerOfLink(identity) },
      signal: options.signal,
    });
    requireSameChat(opened, chat);
    const { wrapKey, keys, ownerKey } = await unlock({
      opened,
      link: identity.link,
      linkKey: key,
      password: options.password,
    });
    const mode = opened.linkMode ?? "read-only";
    const mate = known?.mate ?? (await this.#mateKey());
    const record = await this.#keyring.updateChat(chat, (now) => ({
      chat,
      title: now?.title ?? "",
      owner: false,
      ownerKey,
      mate: now?.mate ?? mate,
      openedAt: Date.now(),
      cameBy: { link: identity.link, linkKey: key, wrapKey, mode },
      keys: mergeKeys(now?.keys ?? [], keys),
      made: now?.made ?? [],
      seen: now?.seen ?? null,
      name: options.name ?? now?.name ?? null,
    }));
    // The view counts for the owner's list; the reader needs not wait for it, nor fail with it.
    this.#api.countView(chat, { link: bearerOfLink(identity) }).catch(() => undefined);
    return this.#room({ opened, record, seen: known?.seen ?? null, live: options.live ?? true });
  }

  /** Opens a chat that this device holds keys for. @throws ClientError `no_key`, `not_found`, `unreachable` */
  async reopen(chat: ChatId, options: Omit<OpenOptions, "password"> = {}): Promise<Room> {
    const stored = await this.#keyring.requireChat(chat);
    const as = await this.#credentials(stored);
    const opened = await this.#api.open(chat, { after: 0, as, signal: options.signal });
    requireSameChat(opened, chat);
    const keys = await this.#newKeys(stored, opened);
    const record = await this.#keyring.updateChat(chat, (now) => {
      const base = now ?? stored;
      return { ...base, openedAt: Date.now(), keys: mergeKeys(base.keys, keys), name: options.name ?? base.name };
    });
    return this.#room({ opened, record, seen: stored.seen, live: options.live ?? true });
  }

  /** Makes one more link to a chat of one's own. */
  async createLink(chat: ChatId, options: LinkOptions): Promise<SharedChat> {
    const record = await this.#requireOwned(chat);
    const linkKey = createLinkKey();
    const { link, tokenHash } = await identifyLink({ linkKey, subject: chat });
    const wrapKey = await deriveWrapKey({ linkKey, subject: chat, password: options.password ?? null });
    const chatKeys = await Promise.all(record.keys.map(({ epoch, raw }) => loadChatKey({ chat, epoch, raw })));
    const wrappedKeys = await Promise.all(
      chatKeys.map(async (chatKey) => ({
        epoch: chatKey.epoch,
        key: toBase64url(await wrapChatKey({ chatKey, owner: record.ownerKey, link, wrapKey: wrapKey.key })),
      })),
    );
    const newest = chatKeys.at(-1);
    const label = options.label && newest ? await sealLinkLabel({ chatKey: newest, link, text: options.label }) : null;
    // Kept before it exists on the server: a link that only the server knows could never be shown or revoked by name.
    await this.#changeRecord(chat, (now) => ({ ...now, made: [...now.made, { link, linkKey, wrapKey: wrapKey.raw }] }));
    await this.#api.createLink(chat, {
      link: {
        link,
        tokenHash: toBase64url(tokenHash),
        mode: options.mode,
        wrappedKeys,
        label: label && toBase64url(label),
        expiresAt: options.expiresAt ?? null,
      },
      as: await this.#owner(),
    });
    return { chat, link, url: await this.#urlOf(chat, linkKey) };
  }

  async links(chat: ChatId): Promise<OwnedLink[]> {
    const record = await this.#requireOwned(chat);
    const newest = record.keys.at(-1);
    if (!newest) throw new ClientError("no_key", "This device has no key for that chat.");
    const chatKey = await loadChatKey({ chat, ...newest });
    const summaries = await this.#api.links(chat, await this.#owner());
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
    await this.#requireOwned(chat);
    await this.#api.revokeLink(chat, { link, as: await this.#owner() });
    await this.#changeRecord(chat, (now) => ({ ...now, made: now.made.filter((held) => held.link !== link) }));
  }

  /** "Update shared chat": moves the cut-off to the last message, under a new seal. Returns where it is now. */
  async updateShared(chat: ChatId, options: { title?: string } = {}): Promise<number> {
    const record = await this.#requireOwned(chat);
    const open = [...this.#rooms].find((room) => room.chat === chat);
    const room = open ?? (await this.reopen(chat, { live: false }));
    try {
      const { integrity } = await room.whenComplete();
      if (integrity.state === "violated") throw new ClientError(integrity.code, integrity.message);
      const newest = record.keys.at(-1);
      if (!newest) throw new ClientError("no_key", "This device has no key for that chat.");
      const chatKey = await loadChatKey({ chat, ...newest });
      const end = room.verifiedEnd;
      await this.#seal({ chatKey, title: options.title ?? record.title, end });
      return end.seq;
    } finally {
      if (!open) room.close();
    }
  }

  async setPreview(chat: ChatId, preview: Preview | null): Promise<void> {
    await this.#api.setPreview(chat, { preview, as: await this.#owner() });
  }

  /** What a card of the chat may show; needs no key and tells nothing about whether the chat exists. */
  preview(chat: ChatId): Promise<PreviewCard> {
    return this.#api.preview(chat);
  }

  /** Drops this device's keys of a chat; the chat itself goes on. */
  async forget(chat: ChatId): Promise<void> {
    for (const room of this.#rooms) if (room.chat === chat) room.close();
    await this.#keyring.forget(chat);
  }

  /** Erases a chat of one's own everywhere, then forgets it. */
  async deleteChat(chat: ChatId): Promise<void> {
    await this.#requireOwned(chat);
    await this.#api.deleteChat(chat, await this.#owner());
    await this.forget(chat);
  }

  /** Ends everything, also what is just being opened. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const room of this.#rooms) room.close();
    this.#connection?.close();
    this.#connection = null;
  }

  async #createChat(chatKey: ChatKey, { title, name }: { title: string; name: string | null }): Promise<void> {
    const { chat, epoch, raw } = chatKey;
    const { sender, publicKey } = await this.#keyring.identity();
    const mate = await this.#mateKey();
    await this.#withSession((as) => this.#api.createChat({ chat, owner: sender }, as));
    await this.#keyring.updateChat(chat, () => ({
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
    const identity = await this.#keyring.identity();
    const as = await this.#owner();
    const total = conversation.messages.length;
    let done = 0;
    let end: Position | null = null;
    for await (const page of sealConversation({ chatKey, identity, conversation, name: options.name ?? "" })) {
      if (signal?.aborted) throw new ClientError("aborted", "Sharing was cancelled.");
      const { receipts } = await this.#api.upload(chatKey.chat, { messages: page.messages, as, signal });
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

  async #seal({ chatKey, title, end }: { chatKey: ChatKey; title: string; end: Position }): Promise<void> {
    const { chat } = chatKey;
    const owner = await this.#keyring.identity();
    const sealed = await sealTranscript({ chatKey, owner, seal: { ...end, title, time: Date.now() } });
    const update = { through: end.seq, seal: toBase64url(sealed) };
    await this.#api.updateShared(chat, { update, as: await this.#owner() });
    await this.#changeRecord(chat, (now) => ({ ...now, title, seen: { seq: end.seq, head: end.head } }));
  }

  async #room(options: {
    opened: OpenedChat;
    record: ChatRecord;
    /** What this device had seen before it asked: meanwhile another of its windows may have seen more. */
    seen: Position | null;
    live: boolean;
  }): Promise<Room> {
    const { opened, record, seen, live } = options;
    const { chat } = opened;
    const keys = await Promise.all(record.keys.map(({ epoch, raw }) => loadChatKey({ chat, epoch, raw })));
    const credentials = await this.#credentials(record);
    const owner = await senderIdOf(record.ownerKey);
    // Only those who may write need to be somebody.
    const writes = opened.role !== "reader" || opened.linkMode === "collaborative";
    const identity = await this.#keyring.identity();
    const transcript = await Transcript.create({ chat, keys, owner, mate: await senderIdOf(record.mate) });
    const connection = live ? await this.#connect({ withSession: writes }) : null;
    this.#requireOpen();
    const room = new Room({
      opened: { ...opened, role: writes && opened.role === "reader" ? "member" : opened.role },
      transcript,
      identity,
      owner: { key: record.ownerKey, sender: owner },
      title: record.title,
      name: record.name,
      linkBearer: credentials.link ?? null,
      seen,
      connection,
      fetchPage: (after) => this.#api.messages(chat, { after, as: credentials }),
      remember: (verified) => this.#keyring.remember(chat, verified),
      rememberName: async (name) => {
        await this.#changeRecord(chat, (now) => ({ ...now, name }));
      },
      onClose: () => this.#onClosed(room),
    });
    this.#rooms.add(room);
    return room;
  }

  async #connect({ withSession }: { withSession: boolean }): Promise<Connection> {
    // Loaded when a chat is first followed: a third of the code, and nothing before needs it.
    const loading = import("./connection.ts");
    const session = withSession ? await this.#session() : await this.#keyring.session();
    const { Connection } = await loading;
    this.#requireOpen();
    this.#connection ??= new Connection({ server: this.#server, session: () => this.#keyring.session() });
    if (withSession && session) this.#connection.use(session);
    return this.#connection;
  }

  #requireOpen(): void {
    if (this.#closed) throw new ClientError("aborted", "This was closed.");
  }

  /** The server knows one line in a chat, however many rooms here follow it: the last one leaves. */
  #onClosed(room: Room): void {
    const { chat } = room;
    this.#rooms.delete(room);
    if (!room.follows || [...this.#rooms].some((other) => other.chat === chat && other.follows)) return;
    this.#connection?.request("leave", { chat }).catch(() => undefined);
  }

  /** Who signs the mate's answers, as the server says when a chat is first opened. */
  async #mateKey(): Promise<Bytes> {
    const { mate } = await this.service();
    const published = fromBase64url(mate.publicKey);
    if (published?.length === 32) return published;
    throw new ClientError("malformed", "The server's mate has no valid key.");
  }

  /** The owner goes by the session, everybody else by the link they came by. */
  async #credentials(record: ChatRecord): Promise<Credentials> {
    if (!record.cameBy) return this.#owner();
    const identity = await identifyLink({ linkKey: record.cameBy.linkKey, subject: record.chat });
    return { link: bearerOfLink(identity) };
  }

  async #owner(): Promise<Credentials> {
    return { session: await this.#session() };
  }

  #session(): Promise<string> {
    return this.#keyring.sessionOr(async () => (await this.#api.createGuest()).session);
  }

  /** A server that lost its sessions gets to know this device anew. */
  async #withSession(call: (as: Credentials) => Promise<void>): Promise<void> {
    const session = await this.#session();
    try {
      await call({ session });
    } catch (error) {
      if (!(error instanceof ClientError) || error.code !== "unauthorized") throw error;
      await this.#keyring.dropSession(session);
      await call(await this.#owner());
    }
  }

  /** Keys of epochs that came since the chat was opened last. */
  async #newKeys(record: ChatRecord, opened: OpenedChat): Promise<ChatRecord["keys"]> {
    const { cameBy } = record;
    if (!cameBy) return [];
    const known = new Set(record.keys.map(({ epoch }) => epoch));
    const fresh = opened.wrappedKeys.filter(({ epoch }) => !known.has(epoch));
    if (fresh.length === 0) return [];
    return (await unwrapAll({ wrapped: fresh, chat: record.chat, link: cameBy.link, wrapKey: cameBy.wrapKey })).keys;
  }

  async #requireOwned(chat: ChatId): Promise<ChatRecord> {
    const record = await this.#keyring.requireChat(chat);
    if (record.owner) return record;
    throw new ClientError("not_allowed", "Only the owner of a chat can do that.");
  }

  async #changeRecord(chat: ChatId, change: (now: ChatRecord) => ChatRecord): Promise<void> {
    await this.#keyring.updateChat(chat, (now) => {
      if (!now) throw new ClientError("no_key", CHAT_NOT_FOUND);
      return change(now);
    });
  }

  async #urlOf(chat: ChatId, key: Bytes): Promise<string> {
    const { publicUrl } = await this.service();
    return shareUrl(publicUrl, { subject: { type: "chat", id: chat }, key, message: null });
  }
}

/** @throws ClientError `malformed` */
function requireServer(server: string): string {
  if (/^https?:/.test(server) && URL.canParse(server)) return server.replace(/\/+$/, "");
  throw new ClientError("malformed", "The server's address has to begin with http:// or https://.");
}
