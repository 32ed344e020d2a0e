import type { Conversation, EmbedRef } from "@openmates-share/protocol/content";
import { type ChatKey, senderIdOf } from "@openmates-share/protocol/crypto";
import { identifyLink, parseShareUrl, type ShareLink, shareUrl } from "@openmates-share/protocol/link";
import {
  type Bytes,
  type ChatId,
  type ChatKeys,
  EMBED_NOT_FOUND,
  equalBytes,
  type LinkId,
  type MemberSummary,
  type MessageId,
  type OpenedChat,
  type OwnedChatSummary,
  type Position,
  type Preview,
  type PreviewCard,
  type SenderId,
  type ServiceInfo,
} from "@openmates-share/protocol/wire";
import type { Account } from "./accounts.ts";
import type { Credentials } from "./api.ts";
import type { Connection } from "./connection.ts";
import { Device } from "./device.ts";
import type { EmbedLinkOptions, Embeds, MessageEmbed, SharedEmbed } from "./embeds/embeds.ts";
import type { OpenedEmbed } from "./embeds/opened-embed.ts";
import type { EmbedDraft, UploadOptions } from "./embeds/upload-embed.ts";
import type { TakeAway } from "./epochs.ts";
import { ClientError, unreachable } from "./errors.ts";
import type { Forked, ForkOptions } from "./fork/fork-chat.ts";
import type { KeepOptions, KeptFile } from "./kept/keep-chat.ts";
import { type ChatRecord, chatKeysOf, type KnownChat } from "./keyring.ts";
import { LocalOpener } from "./local-opener.ts";
import { memoryStore } from "./memory-store.ts";
import type { StartOpener } from "./opener.ts";
import type {
  LinkEdit,
  LinkOptions,
  OwnedChats,
  OwnedLink,
  ResumeOptions,
  Shared,
  SharedChat,
  ShareOptions,
  UnfinishedShare,
} from "./owned-chats.ts";
import type { PlannedUpdate, PlannedUpdates } from "./planned-updates.ts";
import type { RemovedPerson, RemoveOptions } from "./remove-person.ts";
import { Room } from "./room.ts";
import type { RoomMessage } from "./room-state.ts";
import type { Safety } from "./safety.ts";
import type { SecretStore } from "./secret-store.ts";
import { Transcript } from "./transcript.ts";
import { mergeKeys, requireSameChat, unlock, unwrapAll } from "./unlock.ts";
import type { Sealer } from "./upload.ts";

export interface OpenOptions {
  /** Null or empty to try without. */
  readonly password?: string | null;
  /** The name to write under. */
  readonly name?: string;
  /** The message to begin at; the one that the link names unless told. */
  readonly message?: MessageId | null;
  /** False to read once and not to follow. */
  readonly live?: boolean;
  readonly signal?: AbortSignal;
}

export interface TakeAwayOptions {
  /** Links made on other devices, that may end too. */
  readonly alsoRevoke?: readonly LinkId[];
}

export interface UpdatePreview {
  /** Number of the first message that would be added. */
  readonly from: number;
  readonly through: number;
  readonly count: number;
  readonly messages: readonly RoomMessage[];
}

export interface SharedByMe extends OwnedChatSummary {
  /** Null when this device holds no key of it. */
  readonly title: string | null;
}

/** The person's side of everything: one per device and server. */
export class ShareClient {
  readonly #device: Device;
  readonly #store: SecretStore;
  #account: Promise<Account> | null = null;
  readonly #sealer: Sealer | undefined;
  #owned: Promise<OwnedChats> | null = null;
  readonly #startOpener: StartOpener;
  readonly #keepsUnsent: boolean;
  readonly #tellsReads: () => boolean;
  readonly #rooms = new Set<Room>();
  #embeds: Promise<Embeds> | null = null;
  #planned: Promise<PlannedUpdates> | null = null;
  readonly #onSent = new Set<(chat: ChatId) => void>();
  #connection: Connection | null = null;
  #closed = false;

  constructor(options: {
    server: string;
    store: SecretStore;
    fetch?: typeof fetch;
    /** Where conversations are encrypted when they are shared; here, when left out. */
    sealer?: Sealer;
    /** Where messages are decrypted; here, when left out. */
    opener?: StartOpener;
    /**
     * Whether what is written and not yet sent stays on the device, to go out when the chat is open again: for apps that
     * people come back to. False when left out, for programs that see to it themselves.
     */
    keepsUnsent?: boolean;
    /** Whether the others in a chat may be told how far this person has read; asked each time. They are, when left out. */
    tellsReads?: () => boolean;
  }) {
    this.#keepsUnsent = options.keepsUnsent ?? false;
    this.#tellsReads = options.tellsReads ?? (() => true);
    this.#startOpener = options.opener ?? ((setup) => new LocalOpener(setup));
    this.#device = new Device(options);
    this.#store = options.store;
    this.#sealer = options.sealer;
  }

  /** What the server says of itself. */
  service(): Promise<ServiceInfo> {
    return this.#device.service();
  }

  /** The person behind this device; loaded when it is first asked for, since reading needs nobody. */
  account(): Promise<Account> {
    this.#account ??= import("./accounts.ts").then(({ Account }) => {
      const onSession = () => void this.#changeSpeaker();
      return new Account({ device: this.#device, store: this.#store, onSession });
    });
    return this.#account;
  }

  /** Whether somebody is signed in here, as far as this device knows. */
  isSignedIn(): Promise<boolean> {
    return this.#device.keyring.isSignedIn();
  }

  /** What people compare to know whose key is whose, and with whom that was done on this device. */
  async safety(): Promise<Safety> {
    return new (await import("./safety.ts")).Safety(this.#store);
  }

  /** Tells when chats were added, changed or forgotten here. Returns the function that ends it. */
  onKeysChange(listener: () => void): () => void {
    return this.#device.keyring.onChange(listener);
  }

  /** Chats that this device holds keys for, newest first; without those that are only partly uploaded. */
  async chats(): Promise<KnownChat[]> {
    const [chats, unfinished] = await Promise.all([this.#device.keyring.chats(), this.unfinishedShares()]);
    const partly = new Set(unfinished.map(({ chat }) => chat));
    return chats.filter(({ chat }) => !partly.has(chat));
  }

  /** Sharings that were interrupted, oldest first. */
  async unfinishedShares(): Promise<UnfinishedShare[]> {
    return (await this.#ownedChats()).unfinished();
  }

  /** Goes on with an interrupted sharing: what has arrived is not sent again. @throws ClientError */
  async resumeShare(chat: ChatId, options: ResumeOptions = {}): Promise<Shared> {
    return (await this.#ownedChats()).resume(chat, options);
  }

  /** Erases what an interrupted sharing has left, here and on the server. */
  async discardShare(chat: ChatId): Promise<void> {
    return (await this.#ownedChats()).discard(chat);
  }

  /**
   * Creates the chat, uploads it encrypted, seals it and makes the first link, in this order: until the last step nobody
   * else can see any of it. When a step fails, what there is gets erased again; a `resumable` one whose connection broke
   * is kept, to be gone on with.
   */
  async share(conversation: Conversation, options: ShareOptions): Promise<Shared> {
    return (await this.#ownedChats()).share(conversation, options);
  }

  /** @throws ClientError `locked`, `unable_to_decrypt`, `not_found`, `unreachable`, `malformed` and other codes */
  async open(link: string | ShareLink, options: OpenOptions = {}): Promise<Room> {
    const { subject, key, message } = typeof link === "string" ? parseShareUrl(link) : link;
    if (subject.type === "embed") throw new ClientError("not_found", EMBED_NOT_FOUND);
    const chat = subject.id;
    const around = options.message ?? message;
    const known = await this.#device.keyring.chat(chat);
    if (known?.owner) return this.reopen(chat, { ...options, message: around });
    const identity = await identifyLink({ linkKey: key, subject: chat });
    // Needed below; on its way meanwhile.
    this.service().catch(() => undefined);
    // The same link a second time: the device holds what the password once opened.
    if (!options.password && known?.cameBy?.link === identity.link) {
      return this.reopen(chat, { ...options, message: around });
    }
    const { opened, as, counted } = await this.#openByLink({ chat, linkKey: key, around, signal: options.signal });
    const { wrapKey, keys, ownerKey } = await unlock({
      opened,
      link: identity.link,
      linkKey: key,
      password: options.password,
    });
    const mode = opened.linkMode ?? "read-only";
    const mate = known?.mate ?? (await this.#device.mateKey());
    const record = await this.#device.keyring.updateChat(chat, (now) => ({
      chat,
      title: now?.title ?? "",
      owner: false,
      ownerKey,
      mate: now?.mate ?? mate,
      openedAt: Date.now(),
      cameBy: { link: identity.link, linkKey: key, wrapKey, mode, named: as.session !== undefined },
      keys: mergeKeys(now?.keys ?? [], keys),
      made: now?.made ?? [],
      seen: now?.seen ?? null,
      name: options.name ?? now?.name ?? null,
    }));
    // The view counts for the owner's list; the reader needs not wait for it, nor fail with it.
    if (!counted) this.#device.api.countView(chat, as).catch(() => undefined);
    return this.#room({ opened, record, seen: known?.seen ?? null, live: options.live ?? true });
  }

  /** Nobody is told who opens a link, unless nothing is found without: it may be for one person. */
  async #openByLink(options: {
    chat: ChatId;
    linkKey: Bytes;
    around: MessageId | null;
    signal: AbortSignal | undefined;
  }): Promise<{ opened: OpenedChat; as: Credentials; counted: boolean }> {
    const { chat, linkKey, ...rest } = options;
    const link = await this.#device.bearer({ chat, linkKey });
    try {
      return await this.#openCounted(chat, { as: { link }, ...rest });
    } catch (error) {
      const session = await this.#device.keyring.session();
      if (!(error instanceof ClientError) || error.code !== "not_found" || !session) throw error;
      return this.#openCounted(chat, { as: { link, session }, ...rest });
    }
  }

  async #openCounted(
    chat: ChatId,
    { as, around, signal }: { as: Credentials; around: MessageId | null; signal: AbortSignal | undefined },
  ): Promise<{ opened: OpenedChat; as: Credentials; counted: boolean }> {
    const open = async (counted: boolean) => {
      const opened = await this.#device.api.open(chat, { around, as, signal });
      requireSameChat(opened, chat);
      return { opened, as, counted };
    };
    try {
      return await open(false);
    } catch (error) {
      if (!(error instanceof ClientError) || error.code !== "view_required") throw error;
      await this.#device.api.countView(chat, as);
      return open(true);
    }
  }

  /** Opens a chat that this device holds keys for. @throws ClientError `no_key`, `not_found`, `unreachable` */
  async reopen(chat: ChatId, options: Omit<OpenOptions, "password"> = {}): Promise<Room> {
    const stored = await this.#device.keyring.requireChat(chat);
    const as = await this.#device.credentials(stored);
    const opened = await this.#device.api.open(chat, { around: options.message ?? null, as, signal: options.signal });
    requireSameChat(opened, chat);
    const keys = await newKeys(stored, opened);
    const record = await this.#device.keyring.updateChat(chat, (now) => {
      const base = now ?? stored;
      return { ...base, openedAt: Date.now(), keys: mergeKeys(base.keys, keys), name: options.name ?? base.name };
    });
    return this.#room({ opened, record, seen: stored.seen, live: options.live ?? true });
  }

  /** Whether a chat that this device has is that key's owner's (Ed25519); null for a chat that it doesn't have. */
  async isOwnerOf(chat: ChatId, key: Bytes): Promise<boolean | null> {
    const known = await this.#device.keyring.chat(chat);
    return known && equalBytes(known.ownerKey, key);
  }

  /** Makes one more link to a chat of one's own. */
  async createLink(chat: ChatId, options: LinkOptions): Promise<SharedChat> {
    return (await this.#ownedChats()).createLink(chat, options);
  }

  async links(chat: ChatId): Promise<OwnedLink[]> {
    return (await this.#ownedChats()).links(chat);
  }

  /** Changes a link for everybody who has it, at once; what is not named stays. `previewOfEdit` says what that shows. */
  async editLink(chat: ChatId, link: LinkId, edit: LinkEdit): Promise<void> {
    return (await this.#ownedChats()).editLink(chat, link, edit);
  }

  /**
   * Reading by that link stops at once, and what is written from now on is under a new key; what its readers hold already
   * can't be taken back. The people with other links notice nothing.
   * @throws KeylessLinksError, before anything has changed, when this device lacks the keys of other links: they can end
   * too (`alsoRevoke`), or this can be done on the device that made them
   */
  async revokeLink(chat: ChatId, link: LinkId, options: TakeAwayOptions = {}): Promise<void> {
    await this.#takeAway(chat, { ...options, what: () => ({ links: [link], people: [] }) });
  }

  /** Ends every link, every membership and the public card; the chat stays the owner's alone. */
  async unshare(chat: ChatId): Promise<void> {
    await this.#takeAway(chat, {
      what: ({ links, members }) => ({
        links: links.map(({ link }) => link),
        people: members.map(({ sender }) => sender),
      }),
    });
    await this.setPreview(chat, null);
  }

  /** The people who write in a chat of one's own, and the links they came by. */
  async people(chat: ChatId): Promise<readonly MemberSummary[]> {
    await this.#device.requireOwned(chat);
    return (await this.#device.api.epoch(chat, await this.#device.owner())).members;
  }

  /**
   * Takes somebody out of the chat, at once: their account can't come back by the same link. With `andReplaceLink` that
   * link ends too and another takes its place, to be sent to the others who had it; without, who holds a link for everybody
   * can open it again as somebody else.
   * @throws KeylessLinksError as `revokeLink`
   */
  async removePerson(chat: ChatId, sender: SenderId, options: RemoveOptions = {}): Promise<RemovedPerson> {
    return (await import("./remove-person.ts")).removePerson(
      { device: this.#device, owned: await this.#ownedChats() },
      {
        ...options,
        chat,
        sender,
      },
    );
  }

  /** "Shared by me": what the account owns, with the titles that this device knows; newest first. */
  async sharedByMe(): Promise<readonly SharedByMe[]> {
    if (!(await this.#device.keyring.session())) return [];
    const [chats, known] = await Promise.all([this.#device.api.ownedChats(await this.#device.owner()), this.chats()]);
    const titles = new Map(known.map(({ chat, title }) => [chat, title]));
    return chats.map((chat) => ({ ...chat, title: titles.get(chat.chat) ?? null }));
  }

  /** "Shared with me": chats of others that this device holds keys for, opened last first. */
  async sharedWithMe(): Promise<readonly KnownChat[]> {
    return (await this.chats()).filter(({ owner }) => !owner);
  }

  async #takeAway(chat: ChatId, options: TakeAwayOptions & Pick<TakeAway, "what">): Promise<void> {
    const { takeAway } = await import("./epochs.ts");
    await takeAway(this.#device, chat, { what: options.what, alsoRevoke: options.alsoRevoke ?? [] });
  }

  /**
   * A link that leads others to a message: the one this device came by, or one it made, rather for reading than for
   * writing. Null when it holds none.
   */
  async linkTo(chat: ChatId, { message }: { message: MessageId | null }): Promise<string | null> {
    const record = await this.#device.keyring.requireChat(chat);
    const key = record.cameBy?.linkKey ?? (record.owner ? await (await this.#ownedChats()).linkKeyOf(chat) : null);
    if (!key) return null;
    const { publicUrl } = await this.service();
    return shareUrl(publicUrl, { subject: { type: "chat", id: chat }, key, message });
  }

  /** Mails a named link to its person; for that its key passes through the server, which keeps it nowhere. */
  async invite(chat: ChatId, link: LinkId): Promise<void> {
    return (await this.#ownedChats()).invite(chat, link);
  }

  /** How many messages, private so far, an edit of a link would show to whoever has it. */
  async previewOfEdit(chat: ChatId, link: LinkId, edit: LinkEdit): Promise<{ readonly reveals: number }> {
    const state = await this.#device.api.epoch(chat, await this.#device.owner());
    const before = state.links.find((one) => one.link === link);
    const opens = edit.mode === "collaborative" && before?.mode === "read-only";
    return { reveals: opens ? state.lastSeq - state.sharedThrough : 0 };
  }

  /** What "Update shared chat" would add, with the first messages of it. */
  async previewOfUpdate(chat: ChatId, options: { limit?: number; signal?: AbortSignal } = {}): Promise<UpdatePreview> {
    const { limit = 20, signal } = options;
    await this.#device.requireOwned(chat);
    return this.#withVerified(chat, async (room) => {
      const [from, through] = [room.state.sharedThrough + 1, room.verifiedEnd.seq];
      const messages: RoomMessage[] = [];
      const to = Math.min(through, from + limit - 1);
      for await (const page of room.read({ from, to, ...(signal ? { signal } : {}) })) messages.push(...page);
      return { from, through, count: Math.max(through - from + 1, 0), messages };
    });
  }

  /**
   * "Update shared chat" with ten seconds to think better of it: until then it waits on this device, and no reader sees
   * anything. It goes out on its own, also when the page is closed meanwhile: then when this device is next here.
   */
  async planUpdate(chat: ChatId, options: { title?: string } = {}): Promise<PlannedUpdate> {
    const { title } = await this.#device.requireOwned(chat);
    const at = await this.#withVerified(chat, async (room) => room.verifiedEnd);
    return (await this.#updates()).plan(chat, { at, title: options.title ?? title });
  }

  /** Null when none waits. */
  async plannedUpdate(chat: ChatId): Promise<PlannedUpdate | null> {
    return (await this.#updates()).planned(chat);
  }

  /** False when the update has gone out already. */
  async undoUpdate(chat: ChatId): Promise<boolean> {
    return (await this.#updates()).undo(chat);
  }

  /** To be called when the app starts: sends what was planned before it was closed. */
  async resumeUpdates(): Promise<void> {
    await (await this.#updates()).resume();
  }

  /** Calls back with every planned update that has gone out; returns how to stop. */
  onUpdateSent(listener: (chat: ChatId) => void): () => void {
    this.#onSent.add(listener);
    return () => this.#onSent.delete(listener);
  }

  /** What owners do, loaded when somebody does it: readers need none of it. */
  #ownedChats(): Promise<OwnedChats> {
    this.#owned ??= import("./owned-chats.ts").then(
      ({ OwnedChats }) =>
        new OwnedChats({
          device: this.#device,
          store: this.#store,
          sealer: this.#sealer,
          uploadFile: (file, how) => this.uploadEmbed(file, how),
        }),
      (cause: unknown) => {
        this.#owned = null;
        throw unreachable(cause);
      },
    );
    return this.#owned;
  }

  #updates(): Promise<PlannedUpdates> {
    this.#planned ??= Promise.all([import("./planned-updates.ts"), this.#ownedChats()]).then(
      ([{ PlannedUpdates }, owned]) =>
        new PlannedUpdates({
          device: this.#device,
          owned,
          onSent: (chat) => {
            for (const listener of [...this.#onSent]) listener(chat);
          },
        }),
      (cause: unknown) => {
        this.#planned = null;
        throw unreachable(cause);
      },
    );
    return this.#planned;
  }

  /** Opens a chat of one's own unless it is open, and checks all of it. @throws ClientError when it is not as it was */
  async #withVerified<T>(chat: ChatId, work: (room: Room) => Promise<T>): Promise<T> {
    // One that is not followed may have fallen behind.
    const open = [...this.#rooms].find((room) => room.chat === chat && room.follows);
    const room = open ?? (await this.reopen(chat, { live: false }));
    try {
      const { integrity } = await room.whenComplete();
      if (integrity.state === "violated") throw new ClientError(integrity.code, integrity.message);
      return await work(room);
    } finally {
      if (!open) room.close();
    }
  }

  /** "Update shared chat": moves the cut-off to the last message, under a new seal. Returns where it is now. */
  async updateShared(chat: ChatId, options: { title?: string } = {}): Promise<number> {
    const record = await this.#device.requireOwned(chat);
    const end = await this.#withVerified(chat, async (room) => room.verifiedEnd);
    await (await this.#ownedChats()).seal({ chat, title: options.title ?? record.title, end });
    return end.seq;
  }

  /**
   * The shared part of a chat with everything that proves it, for a file that opens without a server (`openKept`).
   * @throws ClientError `not_allowed`, `aborted`, `unreachable` and other codes
   */
  async keep(room: Room, options: KeepOptions = {}): Promise<KeptFile> {
    return (await import("./kept/keep-chat.ts")).keepChat(this.#device, room, options);
  }

  /**
   * Begins a chat of one's own with what one reads in this one, each message with what proves it; it starts private.
   * @throws ClientError `not_allowed`, `aborted`, `unreachable` and other codes
   */
  async fork(room: Room, options: ForkOptions = {}): Promise<Forked> {
    const [{ forkChat }, owned, embeds] = await Promise.all([
      import("./fork/fork-chat.ts"),
      this.#ownedChats(),
      this.embeds(),
    ]);
    return forkChat({ device: this.#device, owned, embeds }, room, options);
  }

  /** Everything about files beside messages, loaded when it is first needed. */
  embeds(): Promise<Embeds> {
    this.#embeds ??= import("./embeds/embeds.ts").then(
      ({ Embeds }) => new Embeds(this.#device),
      (cause: unknown) => {
        this.#embeds = null;
        throw unreachable(cause);
      },
    );
    return this.#embeds;
  }

  /**
   * Encrypts and uploads a file, for a message of that chat (`chat`) or on its own (null). The same call with the `ref` of
   * an upload that broke off goes on there.
   * @throws ClientError `too_large` (the file or a quota), `forbidden`, `aborted`, `unreachable` and other codes
   */
  async uploadEmbed(
    draft: EmbedDraft,
    options: UploadOptions & { ref?: EmbedRef } = {},
  ): Promise<{ readonly ref: EmbedRef }> {
    return { ref: await (await this.embeds()).upload(draft, options) };
  }

  /**
   * Opens what a link of an embed, or a message, names; its content is fetched when it is read.
   * @throws ClientError `not_found`, `locked`, `unable_to_decrypt`, `unreachable`, and the protocol's codes
   */
  async openEmbed(
    source: string | ShareLink | MessageEmbed,
    options: { password?: string | null; signal?: AbortSignal } = {},
  ): Promise<OpenedEmbed> {
    const embeds = await this.embeds();
    if (typeof source === "object" && "ref" in source) return embeds.openInMessage(source, options);
    const { subject, key } = typeof source === "string" ? parseShareUrl(source) : source;
    if (subject.type === "chat") throw new ClientError("not_found", EMBED_NOT_FOUND);
    return embeds.openLink({ embed: subject.id, key }, options);
  }

  /** Makes a link to one embed of one's own alone. @throws ClientError `not_allowed` */
  async shareEmbed(embed: OpenedEmbed, options: EmbedLinkOptions = {}): Promise<SharedEmbed> {
    return (await this.embeds()).share(embed, options);
  }

  /** Lets the owner alone write in a chat of one's own, or everybody who is in it again; whoever is there sees it at once. */
  async setClosed(chat: ChatId, closed: boolean): Promise<void> {
    return (await this.#ownedChats()).setClosed(chat, closed);
  }

  async setPreview(chat: ChatId, preview: Preview | null): Promise<void> {
    return (await this.#ownedChats()).setPreview(chat, preview);
  }

  /** What a card of the chat may show; needs no key and tells nothing about whether the chat exists. */
  preview(chat: ChatId): Promise<PreviewCard> {
    return this.#device.api.preview(chat);
  }

  /** Drops this device's keys of a chat; the chat itself goes on. */
  async forget(chat: ChatId): Promise<void> {
    this.#closeRooms(chat);
    await this.#device.keyring.forget(chat);
  }

  /** Erases a chat of one's own everywhere, then forgets it. */
  async deleteChat(chat: ChatId): Promise<void> {
    await (await this.#ownedChats()).delete(chat);
    this.#closeRooms(chat);
  }

  /** Ends everything, also what is just being opened. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const room of this.#rooms) room.close();
    this.#connection?.close();
    this.#connection = null;
    (await this.#planned?.catch(() => null))?.stop();
  }

  #closeRooms(chat: ChatId): void {
    for (const room of this.#rooms) if (room.chat === chat) room.close();
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
    const keys = await chatKeysOf(record);
    const credentials = await this.#device.credentials(record);
    const owner = await senderIdOf(record.ownerKey);
    // Only those who may write need to be somebody.
    const writes = opened.role !== "reader" || opened.linkMode === "collaborative";
    const identity = await this.#device.keyring.identityOf(record);
    const opener = this.#startOpener({ chat, keys, mate: await senderIdOf(record.mate) });
    const transcript = await Transcript.create({ chat, keys, owner, opener, moreKeys: () => this.#newerKeys(chat) });
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
      live,
      source: {
        page: (after) => this.#device.api.messages(chat, { after, as: credentials }),
        spine: (after) => this.#device.api.spine(chat, { after, as: credentials }),
        amendments: (after) => this.#device.api.amendments(chat, { after, as: credentials }),
      },
      // Who writes has a session by now, whatever the chat was opened with.
      erase: async (message, amendment) =>
        this.#device.api.erase(chat, { message, amendment, as: await this.#device.owner() }),
      remember: (verified) => this.#device.keyring.remember(chat, verified),
      reading: {
        through: await this.#device.keyring.readThrough(chat),
        remember: (seq) => this.#device.keyring.rememberRead(chat, seq),
        told: this.#tellsReads,
      },
      unsent: this.#keepsUnsent ? this.#store : memoryStore(),
      rememberName: async (name) => {
        await this.#device.changeRecord(chat, (now) => ({ ...now, name }));
      },
      onClose: () => this.#onClosed(room),
    });
    this.#rooms.add(room);
    if (live) void this.#followWith(room, { withSession: writes || record.cameBy?.named === true });
    return room;
  }

  /** What is there can be read meanwhile: the line comes when it comes. */
  async #followWith(room: Room, options: { withSession: boolean }): Promise<void> {
    try {
      room.follow(await this.#connect(options));
    } catch {
      room.missLine(() => void this.#followWith(room, options));
    }
  }

  /** The keys of all epochs, after another one has begun. @throws ClientError */
  async #newerKeys(chat: ChatId): Promise<readonly ChatKey[]> {
    const record = await this.#device.keyring.requireChat(chat);
    if (record.owner) return (await import("./epochs.ts")).catchUp(this.#device, chat);
    const keys = await newKeys(record, await this.#device.api.keys(chat, await this.#device.credentials(record)));
    const base = keys.length === 0 ? record : await this.#device.keyring.addKeys(chat, keys);
    return chatKeysOf(base);
  }

  async #connect({ withSession }: { withSession: boolean }): Promise<Connection> {
    // Loaded when a chat is first followed: a third of the code, and nothing before needs it.
    const loading = import("./connection.ts");
    const session = withSession ? await this.#device.session() : await this.#device.keyring.session();
    const { Connection } = await loading;
    this.#requireOpen();
    this.#connection ??= new Connection({ server: this.#device.server, session: () => this.#device.keyring.session() });
    if (withSession && session) this.#connection.use(session);
    return this.#connection;
  }

  /** What comes over the line from now on is for whoever signed in, or for nobody. */
  async #changeSpeaker(): Promise<void> {
    const session = await this.#device.keyring.session();
    this.#connection?.use(session);
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
}

/** Keys of epochs that came since the chat was opened last. */
async function newKeys(record: ChatRecord, opened: ChatKeys): Promise<ChatRecord["keys"]> {
  const { cameBy } = record;
  if (!cameBy) return [];
  const known = new Set(record.keys.map(({ epoch }) => epoch));
  const fresh = opened.wrappedKeys.filter(({ epoch }) => !known.has(epoch));
  if (fresh.length === 0) return [];
  const { keys, ownerKey } = await unwrapAll({
    wrapped: fresh,
    chat: record.chat,
    link: cameBy.link,
    wrapKey: cameBy.wrapKey,
  });
  if (equalBytes(ownerKey, record.ownerKey)) return keys;
  throw new ClientError("wrong_sender", "The chat's new key names another owner than before. It was not taken.");
}
