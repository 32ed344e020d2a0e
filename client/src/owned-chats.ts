import type { Conversation } from "@openmates-share/protocol/content";
import {
  type ChatKey,
  createChatKey,
  sealLinkLabel,
  sealTranscript,
  wrapChatKey,
} from "@openmates-share/protocol/crypto";
import { createLinkKey, deriveWrapKey, identifyLink, shareUrl, type WrapKey } from "@openmates-share/protocol/link";
import {
  type Bytes,
  type ChatId,
  type CreateLink,
  emptyTranscript,
  LIMITS,
  type LinkId,
  type LinkMode,
  type LinkSummary,
  newId,
  type OwnedChatSummary,
  type Position,
  type Preview,
  toBase64url,
} from "@openmates-share/protocol/wire";
import type { Device } from "./device.ts";
import { ClientError } from "./errors.ts";
import { type ChatRecord, chatKeysOf, newestChatKey, withLock } from "./keyring.ts";
import { refuseMateName } from "./mate-name.ts";
import { OwnerApi } from "./owner-api.ts";
import type { SecretStore } from "./secret-store.ts";
import type { SharingHooks, UploadFile } from "./sharing.ts";
import { type SharingRecord, SharingRecords } from "./sharing-record.ts";
import { readLabel } from "./unlock.ts";
import type { Sealer } from "./upload.ts";

export interface LinkOptions {
  readonly mode: LinkMode;
  /** Null or empty for none. */
  readonly password?: string | null;
  /** What the owner calls the link; the server can't read it. */
  readonly label?: string | null;
  /** Milliseconds since 1970, an hour to a year from now; null for none. */
  readonly expiresAt?: number | null;
  /** How many devices may open it; null for any number. */
  readonly viewLimit?: number | null;
  /**
   * The e-mail address of the one person it is for, who has to prove it; null for everybody who has the link. One link is
   * for one person: taken away from one, the others notice nothing.
   */
  readonly address?: string | null;
}

/** What is not named stays. */
export type LinkEdit = Partial<Pick<LinkOptions, "label" | "expiresAt" | "viewLimit" | "mode">>;

export interface ShareOptions extends LinkOptions, SharingHooks {
  /** Further people beside `address`, each of whom gets a link of their own with the same settings. */
  readonly alsoFor?: readonly string[];
  /** A public card; null for the generic one. */
  readonly preview?: Preview | null;
  /** The owner's name in the chat. */
  readonly name?: string;
  /**
   * Keeps on the device what is needed to go on after the connection or the program has ended; `tag` is what the app
   * calls the conversation. Without it sharing succeeds as a whole or leaves nothing.
   */
  readonly resumable?: { readonly tag: string };
}

/** A sharing that was interrupted and can be gone on with. */
export interface UnfinishedShare {
  readonly chat: ChatId;
  readonly title: string;
  /** Messages. */
  readonly done: number;
  readonly total: number;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly tag: string;
  /** Whether its links are to have a password. */
  readonly hasPassword: boolean;
}

export interface ResumeOptions extends SharingHooks {
  /** Gives the files that are not uploaded yet; without it they are left out. */
  readonly attachment?: Conversation["attachment"];
}

/** For how long an interrupted connection is waited for before the person is asked. Milliseconds. */
const PATIENCE = 120_000;

export interface SharedChat {
  readonly chat: ChatId;
  readonly link: LinkId;
  /** The link to send. */
  readonly url: string;
}

/** What came of sharing, or of going on with it. */
export interface Shared extends SharedChat {
  /** Whom the first link is for; null for everybody who has it. */
  readonly address: string | null;
  /** The links of the further people. */
  readonly others: readonly (SharedChat & { readonly address: string })[];
  /** People whose link could not be made, and why. */
  readonly unmade: readonly { readonly address: string; readonly error: ClientError }[];
}

export interface OwnedLink extends Omit<LinkSummary, "label"> {
  readonly label: string | null;
  /** Null when this device does not hold the link's key. */
  readonly url: string | null;
}

/** What the owner of chats does: share, seal, make and revoke links. */
export class OwnedChats {
  readonly #device: Device;
  readonly #store: SecretStore;
  readonly #records: SharingRecords;
  readonly #sealer: Sealer | null;
  readonly #uploadFile: UploadFile;

  constructor(setup: { device: Device; store: SecretStore; sealer?: Sealer | undefined; uploadFile: UploadFile }) {
    this.#device = setup.device;
    this.#store = setup.store;
    this.#records = new SharingRecords(setup.store);
    this.#sealer = setup.sealer ?? null;
    this.#uploadFile = setup.uploadFile;
  }

  /**
   * Creates the chat, uploads it encrypted, seals it and makes the first link, in this order: until the last step nobody
   * else can see any of it. When a step fails, what there is gets erased again; a `resumable` one whose connection broke
   * is kept, to be gone on with.
   */
  async share(conversation: Conversation, options: ShareOptions): Promise<Shared> {
    if (conversation.messages.length === 0) throw new ClientError("bad_request", "There is nothing to share yet.");
    refuseMateName(options.name ?? "");
    const { newRecord } = await import("./sharing.ts");
    const chat = newId<ChatId>();
    const chatKey = await createChatKey(chat);
    const record = await newRecord(chat, { conversation, options });
    // Kept before the chat exists anywhere: what breaks off between two steps is found again.
    if (options.resumable) await this.#records.begin(record, conversation.messages);
    return this.#alone(chat, () => this.#carry(record, { conversation, hooks: options, chatKey }));
  }

  /** Oldest first. */
  async unfinished(): Promise<UnfinishedShare[]> {
    const records = await this.#records.list();
    return records.map(({ chat, title, done, total, startedAt, tag, settings }) => ({
      chat,
      title,
      done: done.seq,
      total,
      startedAt,
      tag,
      hasPassword: Boolean(settings.password),
    }));
  }

  /** Goes on with an interrupted sharing: nothing that has arrived is sent again. @throws ClientError as `share` */
  async resume(chat: ChatId, { attachment, ...hooks }: ResumeOptions): Promise<Shared> {
    // Another tab may be at it: then this one finds it done.
    return this.#alone(chat, async () => {
      const found = await this.#records.find(chat);
      if (!found) throw new ClientError("conflict", "This was shared or discarded in another window meanwhile.");
      const { record, messages } = found;
      const conversation = { messages, ...(attachment ? { attachment } : {}) };
      // It broke off before the chat was there.
      const chatKey = (await this.#device.keyring.chat(chat)) ? null : await createChatKey(chat);
      return this.#carry(record, { conversation, hooks, chatKey });
    });
  }

  /** Erases what an interrupted sharing has left, here and on the server. */
  async discard(chat: ChatId): Promise<void> {
    await this.#records.end(chat);
    await this.delete(chat).catch(() => this.#device.keyring.forget(chat));
  }

  async #carry(
    record: SharingRecord,
    setup: {
      conversation: Pick<Conversation, "messages" | "attachment">;
      hooks: SharingHooks;
      /** Null for a chat that was created before. */
      chatKey: ChatKey | null;
    },
  ): Promise<Shared> {
    const { chat, title, settings } = record;
    const { Sharing } = await import("./sharing.ts");
    const kept = record.tag === "" ? null : this.#records;
    let created = setup.chatKey === null;
    try {
      if (setup.chatKey) await this.create(setup.chatKey, { title, name: settings.name || null });
      created = true;
      const sharing = new Sharing({
        device: this.#device,
        owned: this,
        records: kept,
        sealer: this.#sealer ?? (await import("./upload.ts")).sealPages,
        uploadFile: this.#uploadFile,
        record,
        conversation: setup.conversation,
        hooks: setup.hooks,
        patience: kept ? PATIENCE : 0,
      });
      const shared = await sharing.run({ resumed: setup.chatKey === null });
      await kept?.end(chat);
      return shared;
    } catch (error) {
      // What the server has never heard of is begun anew.
      const goesOn = created && kept !== null && error instanceof ClientError && error.retryable;
      if (!goesOn) await this.discard(chat);
      if (setup.chatKey === null && error instanceof ClientError && error.code === "not_found") throw erased(error);
      throw error;
    }
  }

  #alone<T>(chat: ChatId, work: () => Promise<T>): Promise<T> {
    const name = `sharing/${chat}`;
    return this.#store.exclusively ? this.#store.exclusively(name, work) : withLock(name, work);
  }

  /** Those of the account, as the server lists them, newest first. */
  async all(): Promise<readonly OwnedChatSummary[]> {
    return new OwnerApi(this.#device.api).ownedChats(await this.#device.owner());
  }

  /** Makes one more link to a chat of one's own. */
  async createLink(chat: ChatId, options: LinkOptions): Promise<SharedChat> {
    refuseImpossible(options);
    await this.#device.requireOwned(chat);
    const linkKey = createLinkKey();
    const { link, tokenHash } = await identifyLink({ linkKey, subject: chat });
    const wrapKey = await deriveWrapKey({ linkKey, subject: chat, password: options.password ?? null });
    // Kept before it exists on the server: a link that only the server knows could never be shown or revoked by name.
    await this.#device.changeRecord(chat, (now) => ({
      ...now,
      made: [...now.made, { link, linkKey, wrapKey: wrapKey.raw }],
    }));
    await this.#underNewest(chat, async (record) => {
      const as = await this.#device.owner();
      await new OwnerApi(this.#device.api).createLink(chat, {
        link: await newLink({ record, link, tokenHash, wrapKey, options }),
        as,
      });
    });
    return { chat, link, url: await this.#urlOf(chat, linkKey) };
  }

  async links(chat: ChatId): Promise<OwnedLink[]> {
    const record = await this.#device.requireOwned(chat);
    const summaries = await new OwnerApi(this.#device.api).links(chat, await this.#device.owner());
    const keys = await chatKeysOf(record);
    return Promise.all(
      summaries.map(async (summary) => {
        const held = record.made.find(({ link }) => link === summary.link);
        const label = await readLabel({ keys, link: summary.link, sealed: summary.label });
        return { ...summary, label, url: held ? await this.#urlOf(chat, held.linkKey) : null };
      }),
    );
  }

  /** Changes a link for everybody who has it, at once; what is not named stays. */
  async editLink(chat: ChatId, link: LinkId, edit: LinkEdit): Promise<void> {
    refuseImpossible(edit);
    const { label, ...rest } = edit;
    const chatKey = await newestChatKey(await this.#device.requireOwned(chat));
    const sealed = label ? toBase64url(await sealLinkLabel({ chatKey, link, text: label })) : null;
    const change = { ...rest, ...(label === undefined ? {} : { label: sealed }) };
    await new OwnerApi(this.#device.api).editLink(chat, { link, edit: change, as: await this.#device.owner() });
  }

  /** @throws ClientError `no_key` on a device that did not make the link */
  async invite(chat: ChatId, link: LinkId): Promise<void> {
    const { made } = await this.#device.requireOwned(chat);
    const held = made.find((one) => one.link === link);
    if (!held) throw new ClientError("no_key", "This link was made on another device: only that one can mail it.");
    const url = await this.#urlOf(chat, held.linkKey);
    await new OwnerApi(this.#device.api).invite(chat, { link, url, as: await this.#device.owner() });
  }

  /** The key of a link that is live and was made here, rather for reading than for writing; null when there is none. */
  async linkKeyOf(chat: ChatId): Promise<Bytes | null> {
    const record = await this.#device.requireOwned(chat);
    const live = await new OwnerApi(this.#device.api).links(chat, await this.#device.owner());
    const held = live
      .toSorted((a, b) => Number(b.mode === "read-only") - Number(a.mode === "read-only"))
      .map(({ link }) => record.made.find((made) => made.link === link))
      .find((made) => made !== undefined);
    return held?.linkKey ?? null;
  }

  /** Seals the transcript up to `end`: what is shared ends there from now on. */
  async seal({ chat, title, end }: { chat: ChatId; title: string; end: Position }): Promise<void> {
    await this.#underNewest(chat, async (record) => {
      const chatKey = await newestChatKey(record);
      const owner = await this.#device.keyring.identityOf(record);
      const sealed = await sealTranscript({ chatKey, owner, seal: { ...end, title, time: Date.now() } });
      const update = { through: end.seq, seal: toBase64url(sealed) };
      await new OwnerApi(this.#device.api).updateShared(chat, { update, as: await this.#device.owner() });
    });
    const position = { seq: end.seq, head: end.head };
    await this.#device.changeRecord(chat, (now) => ({ ...now, title, seen: position, sealed: position }));
  }

  /** Again under the newest key, should another device have begun an epoch that this one does not know of. */
  async #underNewest(chat: ChatId, work: (record: ChatRecord) => Promise<void>): Promise<void> {
    try {
      await work(await this.#device.requireOwned(chat));
    } catch (error) {
      if (!(error instanceof ClientError) || error.code !== "stale_epoch") throw error;
      await (await import("./epochs.ts")).catchUp(this.#device, chat);
      await work(await this.#device.requireOwned(chat));
    }
  }

  async setClosed(chat: ChatId, closed: boolean): Promise<void> {
    await this.#device.requireOwned(chat);
    await new OwnerApi(this.#device.api).setClosed(chat, { closed, as: await this.#device.owner() });
  }

  async setPreview(chat: ChatId, preview: Preview | null): Promise<void> {
    await new OwnerApi(this.#device.api).setPreview(chat, { preview, as: await this.#device.owner() });
  }

  /** Erases a chat everywhere, and its keys here. */
  async delete(chat: ChatId): Promise<void> {
    await this.#device.requireOwned(chat);
    await new OwnerApi(this.#device.api).deleteChat(chat, await this.#device.owner());
    await this.#device.keyring.forget(chat);
  }

  /** Begins an empty chat. Sealed at once: servers keep what was never sealed for a day, and later links stand on the seal. */
  async start({ title: given, name }: { title: string; name: string | null }): Promise<ChatId> {
    refuseMateName(name ?? "");
    const title = given.trim().slice(0, LIMITS.title);
    const chat = newId<ChatId>();
    try {
      await this.create(await createChatKey(chat), { title, name });
      await this.seal({ chat, title, end: await emptyTranscript(chat) });
      return chat;
    } catch (error) {
      await this.discard(chat);
      throw error;
    }
  }

  /** Makes an empty chat of one's own, of which nobody knows yet. */
  async create(chatKey: ChatKey, { title, name }: { title: string; name: string | null }): Promise<void> {
    const { chat, epoch, raw } = chatKey;
    const owner = await this.#device.keyring.identity();
    const mate = await this.#device.mateKey();
    const api = new OwnerApi(this.#device.api);
    await this.#device.withSession((session) => api.createChat({ chat, owner, session }));
    await this.#device.keyring.updateChat(chat, () => ({
      chat,
      title,
      owner: true,
      ownerKey: owner.publicKey,
      mate,
      openedAt: Date.now(),
      cameBy: null,
      keys: [{ epoch, raw }],
      made: [],
      seen: null,
      name,
    }));
  }

  async #urlOf(chat: ChatId, key: Bytes): Promise<string> {
    const { publicUrl } = await this.#device.service();
    return shareUrl(publicUrl, { subject: { type: "chat", id: chat }, key, message: null });
  }
}

/** @throws ClientError `bad_request` */
function refuseImpossible({ expiresAt }: Pick<LinkOptions, "expiresAt">): void {
  if (expiresAt === undefined || expiresAt === null) return;
  const left = expiresAt - Date.now();
  // The dialog's "in an hour" is a moment old when it arrives here.
  if (left > LIMITS.expiryShortest - LEEWAY && left < LIMITS.expiryLongest + LEEWAY) return;
  throw new ClientError("bad_request", "A link can end in an hour at the earliest, and in a year at the latest.");
}

const LEEWAY = 10 * 60 * 1000;

/** With the keys of all epochs, so that it opens what was written before, too. */
async function newLink(setup: {
  record: ChatRecord;
  link: LinkId;
  tokenHash: Bytes;
  wrapKey: WrapKey;
  options: LinkOptions;
}): Promise<CreateLink> {
  const { record, link, tokenHash, wrapKey, options } = setup;
  const chatKeys = await chatKeysOf(record);
  const wrappedKeys = await Promise.all(
    chatKeys.map(async (chatKey) => ({
      epoch: chatKey.epoch,
      key: toBase64url(await wrapChatKey({ chatKey, owner: record.ownerKey, link, wrapKey: wrapKey.key })),
    })),
  );
  const newest = chatKeys.at(-1);
  const label = options.label && newest ? await sealLinkLabel({ chatKey: newest, link, text: options.label }) : null;
  return {
    link,
    tokenHash: toBase64url(tokenHash),
    mode: options.mode,
    wrappedKeys,
    label: label && toBase64url(label),
    expiresAt: options.expiresAt ?? null,
    viewLimit: options.viewLimit ?? null,
    address: options.address ?? null,
  };
}

/** Servers keep what nobody has a link to for a day. */
function erased(cause: ClientError): ClientError {
  const sentence = "The server no longer has what was uploaded then. Please share the conversation again.";
  return new ClientError("not_found", sentence, { cause });
}
