import type { Conversation, EmbedRef } from "@openmates-share/protocol/content";
import { identifyLink, parseShareUrl, type ShareLink, shareUrl } from "@openmates-share/protocol/link";
import {
  type Bytes,
  type ChatId,
  EMBED_NOT_FOUND,
  type EmbedCard,
  type EmbedId,
  equalBytes,
  type LinkId,
  type MemberSummary,
  type MessageId,
  type OwnedChatSummary,
  type Preview,
  type PreviewCard,
  type SenderId,
  type ServiceInfo,
} from "@openmates-share/protocol/wire";
import type { Account } from "./accounts.ts";
import { Device } from "./device.ts";
import type { EmbedLinkOptions, Embeds, MessageEmbed, SharedEmbed } from "./embeds/embeds.ts";
import type { OpenedEmbed } from "./embeds/opened-embed.ts";
import type { EmbedDraft, UploadOptions } from "./embeds/upload-embed.ts";
import { type EnterOptions, enterAgain, enterByLink } from "./enter-chat.ts";
import { ClientError, unreachable } from "./errors.ts";
import type { Forked, ForkOptions } from "./fork/fork-chat.ts";
import type { HandingOver } from "./handing-over/handing-over.ts";
import type { KeepOptions, KeptFile } from "./kept/keep-chat.ts";
import type { KnownChat } from "./keyring.ts";
import { LocalOpener } from "./local-opener.ts";
import type { StartOpener } from "./opener.ts";
import type { OwnModelStore } from "./own-model.ts";
import type {
  LinkEdit,
  LinkOptions,
  OwnedLink,
  ResumeOptions,
  Shared,
  SharedChat,
  ShareOptions,
  UnfinishedShare,
} from "./owned-chats.ts";
import type { Owner, TakeAwayOptions, UpdatePreview } from "./owner.ts";
import type { PlannedUpdate } from "./planned-updates.ts";
import type { RemovedPerson, RemoveOptions } from "./remove-person.ts";
import type { Room } from "./room.ts";
import { Rooms } from "./rooms.ts";
import type { Safety } from "./safety.ts";
import type { SecretStore } from "./secret-store.ts";
import type { Sealer } from "./upload.ts";

export interface OpenOptions extends EnterOptions {
  /** The message to begin at; the one that the link names unless told. */
  readonly message?: MessageId | null;
  /** False to read once and not to follow. */
  readonly live?: boolean;
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
  #loadedOwner: Promise<Owner> | null = null;
  readonly #rooms: Rooms;
  #embeds: Promise<Embeds> | null = null;
  readonly #onSent = new Set<(chat: ChatId) => void>();

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
    this.#device = new Device(options);
    const startOpener = options.opener ?? ((setup) => new LocalOpener(setup));
    this.#rooms = new Rooms({
      device: this.#device,
      startOpener,
      unsent: options.keepsUnsent ? options.store : null,
      tellsReads: options.tellsReads ?? (() => true),
    });
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
      const onSession = () => void this.#rooms.changeSpeaker();
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

  /** Where this device keeps the address and key of a model of one's own. */
  async ownModel(): Promise<OwnModelStore> {
    return new (await import("./own-model.ts")).OwnModelStore(this.#store);
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
    return (await this.#owner()).chats.unfinished();
  }

  /** Goes on with an interrupted sharing: what has arrived is not sent again. @throws ClientError */
  async resumeShare(chat: ChatId, options: ResumeOptions = {}): Promise<Shared> {
    return (await this.#owner()).chats.resume(chat, options);
  }

  /** Erases what an interrupted sharing has left, here and on the server. */
  async discardShare(chat: ChatId): Promise<void> {
    return (await this.#owner()).chats.discard(chat);
  }

  /**
   * Creates the chat, uploads it encrypted, seals it and makes the first link, in this order: until the last step nobody
   * else can see any of it. When a step fails, what there is gets erased again; a `resumable` one whose connection broke
   * is kept, to be gone on with.
   */
  async share(conversation: Conversation, options: ShareOptions): Promise<Shared> {
    return (await this.#owner()).chats.share(conversation, options);
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
    const entered = await enterByLink(this.#device, { chat, linkKey: key, known, around, options });
    return this.#rooms.show({ ...entered, live: options.live ?? true });
  }

  /** Opens a chat that this device holds keys for. @throws ClientError `no_key`, `not_found`, `unreachable` */
  async reopen(chat: ChatId, options: Omit<OpenOptions, "password"> = {}): Promise<Room> {
    const entered = await enterAgain(this.#device, { chat, around: options.message ?? null, options });
    return this.#rooms.show({ ...entered, live: options.live ?? true });
  }

  /**
   * Whether a chat that this device has is or was that key's owner's (Ed25519), as far as it was handed over when it was last
   * opened here; null for a chat that it doesn't have.
   */
  async isOwnerOf(chat: ChatId, key: Bytes): Promise<boolean | null> {
    const known = await this.#device.keyring.chat(chat);
    if (!known?.successions?.length) return known && equalBytes(known.ownerKey, key);
    const { ownersOf } = await import("./handing-over/ownership.ts");
    return (await ownersOf(known)).some((owner) => equalBytes(owner.key, key));
  }

  /** Makes one more link to a chat of one's own. */
  async createLink(chat: ChatId, options: LinkOptions): Promise<SharedChat> {
    return (await this.#owner()).chats.createLink(chat, options);
  }

  async links(chat: ChatId): Promise<OwnedLink[]> {
    return (await this.#owner()).chats.links(chat);
  }

  /** Changes a link for everybody who has it, at once; what is not named stays. `previewOfEdit` says what that shows. */
  async editLink(chat: ChatId, link: LinkId, edit: LinkEdit): Promise<void> {
    return (await this.#owner()).chats.editLink(chat, link, edit);
  }

  /**
   * Reading by that link stops at once, and what is written from now on is under a new key; what its readers hold already
   * can't be taken back. The people with other links notice nothing.
   * @throws KeylessLinksError, before anything has changed, when this device lacks the keys of other links: they can end
   * too (`alsoRevoke`), or this can be done on the device that made them
   */
  async revokeLink(chat: ChatId, link: LinkId, options: TakeAwayOptions = {}): Promise<void> {
    return (await this.#owner()).revokeLink(chat, link, options);
  }

  /** Ends every link, every membership and the public card; the chat stays the owner's alone. */
  async unshare(chat: ChatId): Promise<void> {
    return (await this.#owner()).unshare(chat);
  }

  /** The people who write in a chat of one's own, and the links they came by. */
  async people(chat: ChatId): Promise<readonly MemberSummary[]> {
    return (await this.#owner()).people(chat);
  }

  /**
   * Takes somebody out of the chat, at once: their account can't come back by the same link. With `andReplaceLink` that
   * link ends too and another takes its place, to be sent to the others who had it; without, who holds a link for everybody
   * can open it again as somebody else.
   * @throws KeylessLinksError as `revokeLink`
   */
  async removePerson(chat: ChatId, sender: SenderId, options: RemoveOptions = {}): Promise<RemovedPerson> {
    return (await this.#owner()).removePerson(chat, sender, options);
  }

  /** "Shared by me": what the account owns, with the titles that this device knows; newest first. */
  async sharedByMe(): Promise<readonly SharedByMe[]> {
    if (!(await this.#device.keyring.session())) return [];
    const [chats, known] = await Promise.all([(await this.#owner()).chats.all(), this.chats()]);
    const titles = new Map(known.map(({ chat, title }) => [chat, title]));
    return chats.map((chat) => ({ ...chat, title: titles.get(chat.chat) ?? null }));
  }

  /** "Shared with me": chats of others that this device holds keys for, opened last first. */
  async sharedWithMe(): Promise<readonly KnownChat[]> {
    return (await this.chats()).filter(({ owner }) => !owner);
  }

  /**
   * A link that leads others to a message: the one this device came by, or one it made, rather for reading than for
   * writing. Null when it holds none.
   */
  async linkTo(chat: ChatId, { message }: { message: MessageId | null }): Promise<string | null> {
    const record = await this.#device.keyring.requireChat(chat);
    const key = record.cameBy?.linkKey ?? (record.owner ? await (await this.#owner()).chats.linkKeyOf(chat) : null);
    if (!key) return null;
    const { publicUrl } = await this.service();
    return shareUrl(publicUrl, { subject: { type: "chat", id: chat }, key, message });
  }

  /** Mails a named link to its person; for that its key passes through the server, which keeps it nowhere. */
  async invite(chat: ChatId, link: LinkId): Promise<void> {
    return (await this.#owner()).chats.invite(chat, link);
  }

  /** How many messages, private so far, an edit of a link would show to whoever has it. */
  async previewOfEdit(chat: ChatId, link: LinkId, edit: LinkEdit): Promise<{ readonly reveals: number }> {
    return (await this.#owner()).previewOfEdit(chat, link, edit);
  }

  /** What "Update shared chat" would add, with the first messages of it. */
  async previewOfUpdate(chat: ChatId, options: { limit?: number; signal?: AbortSignal } = {}): Promise<UpdatePreview> {
    return (await this.#owner()).previewOfUpdate(chat, options);
  }

  /**
   * "Update shared chat" with ten seconds to think better of it: until then it waits on this device, and no reader sees
   * anything. It goes out on its own, also when the page is closed meanwhile: then when this device is next here.
   */
  async planUpdate(chat: ChatId, options: { title?: string } = {}): Promise<PlannedUpdate> {
    return (await this.#owner()).planUpdate(chat, options);
  }

  /** Null when none waits. */
  async plannedUpdate(chat: ChatId): Promise<PlannedUpdate | null> {
    return (await this.#owner()).updates.planned(chat);
  }

  /** False when the update has gone out already. */
  async undoUpdate(chat: ChatId): Promise<boolean> {
    return (await this.#owner()).updates.undo(chat);
  }

  /** To be called when the app starts: sends what was planned before it was closed. */
  async resumeUpdates(): Promise<void> {
    await (await this.#owner()).updates.resume();
  }

  /** Calls back with every planned update that has gone out; returns how to stop. */
  onUpdateSent(listener: (chat: ChatId) => void): () => void {
    this.#onSent.add(listener);
    return () => this.#onSent.delete(listener);
  }

  /** "Update shared chat": moves the cut-off to the last message, under a new seal. Returns where it is now. */
  async updateShared(chat: ChatId, options: { title?: string } = {}): Promise<number> {
    return (await this.#owner()).updateShared(chat, options);
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
    const [{ forkChat }, { chats }, embeds] = await Promise.all([
      import("./fork/fork-chat.ts"),
      this.#owner(),
      this.embeds(),
    ]);
    return forkChat({ device: this.#device, owned: chats, embeds }, room, options);
  }

  /**
   * Begins an empty chat of one's own; it starts private, and `createLink` lets others in.
   * @throws ClientError `bad_request` for a name like the mate's, `unreachable` and other codes
   */
  async startChat(options: { title: string; name?: string | null }): Promise<ChatId> {
    const { title, name = null } = options;
    return (await this.#owner()).chats.start({ title, name });
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
    return (await this.#owner()).chats.setClosed(chat, closed);
  }

  /** Offering a chat to a member, and accepting that. */
  async handingOver(): Promise<HandingOver> {
    return (await this.#owner()).handingOver;
  }

  async setPreview(chat: ChatId, preview: Preview | null): Promise<void> {
    return (await this.#owner()).chats.setPreview(chat, preview);
  }

  /** What a card of the chat may show; needs no key and tells nothing about whether the chat exists. */
  preview(chat: ChatId): Promise<PreviewCard> {
    return this.#device.api.preview(chat);
  }

  /** The same of an embed. */
  async embedPreview(embed: EmbedId): Promise<EmbedCard> {
    return (await this.embeds()).preview(embed);
  }

  /** Drops this device's keys of a chat; the chat itself goes on. */
  async forget(chat: ChatId): Promise<void> {
    this.#rooms.closeOf(chat);
    await this.#device.keyring.forget(chat);
  }

  /** Ends one's membership in a chat of somebody else's, and drops this device's keys of it; its link may bring one back. */
  async leave(chat: ChatId): Promise<void> {
    const { OwnerApi } = await import("./owner-api.ts");
    await new OwnerApi(this.#device.api).leave(chat, await this.#device.owner());
    await this.forget(chat);
  }

  /** Erases a chat of one's own everywhere, then forgets it. */
  async deleteChat(chat: ChatId): Promise<void> {
    await (await this.#owner()).chats.delete(chat);
    this.#rooms.closeOf(chat);
  }

  /** Ends everything, also what is just being opened. */
  async close(): Promise<void> {
    this.#rooms.close();
    (await this.#loadedOwner?.catch(() => null))?.stop();
  }

  /** The network is back, as far as the device knows: the line is tried at once, and not when its pause is over. */
  wake(): void {
    this.#rooms.wake();
  }

  /** What owners do, loaded when somebody does it: readers need none of it. */
  #owner(): Promise<Owner> {
    this.#loadedOwner ??= import("./owner.ts").then(
      ({ Owner }) =>
        new Owner({
          device: this.#device,
          store: this.#store,
          sealer: this.#sealer,
          uploadFile: (file, how) => this.uploadEmbed(file, how),
          openRoom: (chat) => this.#rooms.followed(chat),
          enterRoom: (chat) => this.reopen(chat, { live: false }),
          onUpdateSent: (chat) => {
            for (const listener of [...this.#onSent]) listener(chat);
          },
        }),
      (cause: unknown) => {
        this.#loadedOwner = null;
        throw unreachable(cause);
      },
    );
    return this.#loadedOwner;
  }
}
