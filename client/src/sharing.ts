import type { Content, Conversation, ConversationMessage, EmbedRef } from "@openmates-share/protocol/content";
import { type ChatKey, type Identity, openMessage } from "@openmates-share/protocol/crypto";
import {
  appendToTranscript,
  type ChatId,
  emptyTranscript,
  equalBytes,
  type OutgoingMessage,
  type Position,
  type Receipt,
} from "@openmates-share/protocol/wire";
import type { Device } from "./device.ts";
import { ClientError } from "./errors.ts";
import { newestChatKey } from "./keyring.ts";
import { pack } from "./msgpack.ts";
import type { OwnedChats, OwnedLink, Shared, SharedChat, ShareOptions } from "./owned-chats.ts";
import { OwnerApi } from "./owner-api.ts";
import { withRetries } from "./retries.ts";
import type { SharingRecord, SharingRecords, SharingSettings } from "./sharing-record.ts";
import { type SealedPage, type Sealer, type SealJob, sharedContent } from "./upload.ts";

/** A file of a conversation, on its way to be uploaded. */
export interface AttachedFile {
  readonly source: string;
  readonly name: string;
  readonly mediaType: string;
}

/** How files are uploaded: with the same `ref` it goes on where it broke off. @throws ClientError */
export type UploadFile = (
  file: AttachedFile & { readonly blob: Blob; readonly chat: ChatId },
  options: { readonly ref: EmbedRef; readonly signal?: AbortSignal },
) => Promise<unknown>;

export interface SharingHooks {
  readonly onProgress?: (done: number, total: number) => void;
  /** Files that are done, of all that the conversation names. */
  readonly onFile?: (done: number, total: number) => void;
  /** Whether it waits for the connection to come back. */
  readonly onWaiting?: (waiting: boolean) => void;
  /** A file that can't be uploaded: again, or on without it? Without this hook sharing fails with it. */
  readonly onFileFailed?: (file: AttachedFile, error: unknown) => Promise<"again" | "without">;
  readonly signal?: AbortSignal;
}

/** Attempts at a page that the server has in another form: after the first one it is clear what it has. */
const CONFLICTS = 3;

/** Carries a conversation to the server, from wherever it was left, and then shares it. */
export class Sharing {
  readonly #device: Device;
  readonly #owned: OwnedChats;
  /** Where it is kept how far this came; null for a sharing that is not gone on with. */
  readonly #records: SharingRecords | null;
  readonly #sealer: Sealer;
  readonly #uploadFile: UploadFile;
  readonly #messages: readonly ConversationMessage[];
  readonly #attachment: Conversation["attachment"];
  readonly #hooks: SharingHooks;
  readonly #patience: number;
  #record: SharingRecord;

  constructor(setup: {
    device: Device;
    owned: OwnedChats;
    records: SharingRecords | null;
    sealer: Sealer;
    uploadFile: UploadFile;
    record: SharingRecord;
    conversation: Pick<Conversation, "messages" | "attachment">;
    hooks: SharingHooks;
    /** For how long to wait for the connection to come back, milliseconds. */
    patience: number;
  }) {
    this.#device = setup.device;
    this.#owned = setup.owned;
    this.#records = setup.records;
    this.#sealer = setup.sealer;
    this.#uploadFile = setup.uploadFile;
    this.#record = setup.record;
    this.#messages = setup.conversation.messages;
    this.#attachment = setup.conversation.attachment;
    this.#hooks = setup.hooks;
    this.#patience = setup.patience;
  }

  /** @throws ClientError; what is done stays done, and the same record goes on behind it */
  async run({ resumed }: { resumed: boolean }): Promise<Shared> {
    const { chat, title, settings } = this.#record;
    const chatKey = await newestChatKey(await this.#device.requireOwned(chat));
    const identity = await this.#device.keyring.identity();
    if (resumed) await this.#catchUp({ chatKey, identity });
    await this.#uploadFiles();
    await this.#uploadMessages({ chatKey, identity });
    const end = this.#record.done;
    await this.#persistently(() => this.#owned.seal({ chat, title, end }));
    const { preview } = settings;
    if (preview) await this.#persistently(() => this.#owned.setPreview(chat, preview));
    return this.#link();
  }

  /** One for everybody, or one for each person; those that were made before this was interrupted are these. */
  async #link(): Promise<Shared> {
    const { chat, settings } = this.#record;
    const { address = null, alsoFor = [], ...rest } = settings;
    const made = (await this.#device.requireOwned(chat)).made.length > 0;
    const there = made ? await this.#persistently(() => this.#owned.links(chat)) : [];
    const linkFor = async (whom: string | null): Promise<SharedChat> => {
      const known = there.find(({ audience, url }) => url !== null && isFor(audience, whom));
      if (known?.url) return { chat, link: known.link, url: known.url };
      return this.#persistently(() => this.#owned.createLink(chat, { ...rest, address: whom }));
    };
    const first = await linkFor(address);
    const others: (SharedChat & { address: string })[] = [];
    const unmade: { address: string; error: ClientError }[] = [];
    for (const whom of alsoFor) {
      try {
        others.push({ ...(await linkFor(whom)), address: whom });
      } catch (error) {
        // The others get theirs; one that may still be made is tried again with all of this.
        if (!(error instanceof ClientError) || error.retryable || error.code === "aborted") throw error;
        unmade.push({ address: whom, error });
      }
    }
    return { ...first, address, others, unmade };
  }

  async #uploadFiles(): Promise<void> {
    const files = filesOf(this.#messages);
    for (const file of files) {
      if (this.#isSettled(file.source)) continue;
      this.#hooks.onFile?.(files.indexOf(file), files.length);
      const ref = await this.#uploadOne(file);
      const { embeds, without } = this.#record;
      const settled = ref ? { embeds: { ...embeds, [file.source]: ref } } : { without: [...without, file.source] };
      await this.#save({ ...settled, uploading: null });
    }
    if (files.length > 0) this.#hooks.onFile?.(files.length, files.length);
  }

  #isSettled(source: string): boolean {
    return Object.hasOwn(this.#record.embeds, source) || this.#record.without.includes(source);
  }

  /** Null for one that is not there, or that is left out. */
  async #uploadOne(file: AttachedFile): Promise<EmbedRef | null> {
    for (;;) {
      this.#refuseAborted();
      try {
        const blob = await this.#attachment?.(file.source);
        if (!blob) return null;
        const ref = await this.#refFor(file.source);
        const { signal } = this.#hooks;
        const { chat } = this.#record;
        await this.#persistently(() =>
          this.#uploadFile({ ...file, blob, chat }, { ref, ...(signal ? { signal } : {}) }),
        );
        return ref;
      } catch (error) {
        const { onFileFailed, signal } = this.#hooks;
        if (signal?.aborted || !onFileFailed) throw error;
        if ((await onFileFailed(file, error)) === "without") return null;
      }
    }
  }

  /** Kept before anything is uploaded under it: an upload that breaks off goes on there. */
  async #refFor(source: string): Promise<EmbedRef> {
    const { uploading } = this.#record;
    if (uploading?.source === source) return uploading.ref;
    const { newEmbedRef } = await import("./embeds/embeds.ts");
    const ref = newEmbedRef();
    await this.#save({ uploading: { source, ref } });
    return ref;
  }

  async #uploadMessages(keys: { chatKey: ChatKey; identity: Identity }): Promise<void> {
    for (let conflicts = 0; ; conflicts++) {
      try {
        await this.#uploadPages(keys);
        return;
      } catch (error) {
        // What was sent before the interruption has arrived after this looked for it.
        const late = error instanceof ClientError && (error.code === "conflict" || error.code === "head_mismatch");
        if (!late || conflicts >= CONFLICTS || this.#record.pending.length === 0) throw error;
        await this.#catchUp(keys);
      }
    }
  }

  async #uploadPages(keys: { chatKey: ChatKey; identity: Identity }): Promise<void> {
    const pages = this.#sealer(this.#job(keys))[Symbol.asyncIterator]();
    try {
      for (let next = pages.next(); ; ) {
        const page = await next;
        if (page.done) return;
        // The next page is sealed while this one travels; when that fails, it is met in its turn.
        next = pages.next();
        next.catch(() => undefined);
        await this.#uploadPage(page.value);
      }
    } finally {
      await pages.return?.();
    }
  }

  async #uploadPage({ messages, end }: SealedPage): Promise<void> {
    this.#refuseAborted();
    await this.#save({ pending: messages.map(({ id }) => id) });
    const receipts = await this.#persistently(() => this.#send(messages));
    const last = receipts.at(-1);
    if (!last || last.seq !== end.seq || !equalBytes(last.head, end.head)) throw storedOtherwise();
    this.#advance(end);
  }

  async #send(messages: readonly OutgoingMessage[]): Promise<readonly Receipt[]> {
    const { signal } = this.#hooks;
    const as = await this.#device.owner();
    return (await new OwnerApi(this.#device.api).upload(this.#record.chat, { messages, as, signal })).receipts;
  }

  /**
   * Looks what the server has behind what it had acknowledged: the page that was on its way. Each message is opened and
   * compared, for the seal will stand for it.
   */
  async #catchUp({ chatKey, identity }: { chatKey: ChatKey; identity: Identity }): Promise<void> {
    const { chat } = this.#record;
    for (;;) {
      const { seq } = this.#record.done;
      const as = await this.#device.owner();
      const page = await this.#persistently(() => this.#device.api.messages(chat, { after: seq, as }));
      if (page.messages.length === 0) return;
      let end = this.#record.done;
      for (const stored of page.messages) {
        const { content } = await openMessage({ chatKey, message: stored.id, ...stored });
        const sent = this.#messages[end.seq];
        const mine = stored.sender === identity.sender && sent !== undefined && this.#says(content, sent);
        if (!mine) throw storedOtherwise();
        end = await appendToTranscript(end, stored);
      }
      this.#advance(end);
    }
  }

  #says(content: Content, sent: ConversationMessage): boolean {
    const { after: _, ...said } = content;
    return equalBytes(pack(sorted(said)), pack(sorted(sharedContent(sent, this.#contentOptions()))));
  }

  #contentOptions(): Pick<SealJob, "name" | "embeds"> {
    return { name: this.#record.settings.name, embeds: this.#record.embeds };
  }

  #job(keys: { chatKey: ChatKey; identity: Identity }): SealJob {
    const { done, pending } = this.#record;
    return {
      ...keys,
      ...this.#contentOptions(),
      messages: this.#messages.slice(done.seq),
      start: done,
      ids: pending,
    };
  }

  #advance(done: Position): void {
    const acknowledged = done.seq - this.#record.done.seq;
    this.#record = { ...this.#record, done, pending: this.#record.pending.slice(acknowledged) };
    this.#hooks.onProgress?.(done.seq, this.#record.total);
  }

  async #save(change: Partial<SharingRecord>): Promise<void> {
    this.#record = { ...this.#record, ...change };
    await this.#records?.save(this.#record);
  }

  #persistently<T>(work: () => Promise<T>): Promise<T> {
    const { signal, onWaiting } = this.#hooks;
    return withRetries(work, {
      patience: this.#patience,
      signal: signal ?? null,
      onWaiting: (waiting) => onWaiting?.(waiting),
    });
  }

  #refuseAborted(): void {
    if (this.#hooks.signal?.aborted) throw new ClientError("aborted", "Sharing was cancelled.");
  }
}

function isFor(audience: OwnedLink["audience"], whom: string | null): boolean {
  return audience.type === "public" ? whom === null : whom !== null && plainAddress(whom) === audience.address;
}

/** An address as servers keep it: in lower case, its domain as mail servers look it up. */
function plainAddress(address: string): string {
  const [local = "", domain = ""] = address
    .trim()
    .toLowerCase()
    .split(/@(?=[^@]*$)/);
  return `${local}@${URL.canParse(`http://${domain}`) ? new URL(`http://${domain}`).hostname : domain}`;
}

export async function newRecord(
  chat: ChatId,
  { conversation, options }: { conversation: Conversation; options: ShareOptions },
): Promise<SharingRecord> {
  return {
    chat,
    title: conversation.title,
    total: conversation.messages.length,
    startedAt: Date.now(),
    tag: options.resumable?.tag ?? "",
    settings: settingsOf(options),
    done: await emptyTranscript(chat),
    pending: [],
    embeds: {},
    uploading: null,
    without: [],
  };
}

/** What of the options is data, to be kept. */
function settingsOf(options: ShareOptions): SharingSettings {
  const { onProgress, onFile, onWaiting, onFileFailed, signal, resumable, ...settings } = options;
  return { ...settings, preview: settings.preview ?? null, name: settings.name ?? "" };
}

/** Each file once, however often it is shown. */
function filesOf(messages: readonly ConversationMessage[]): readonly AttachedFile[] {
  const files = new Map<string, AttachedFile>();
  for (const { parts } of messages) {
    for (const part of parts) {
      if ((part.type !== "image" && part.type !== "file") || part.source === null) continue;
      const { source, name, mediaType } = part;
      if (!files.has(source)) files.set(source, { source, name, mediaType });
    }
  }
  return [...files.values()];
}

/** The same value with the fields of its objects in the order of their names. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return value;
  const entries = Object.entries(value).map(([name, inner]) => [name, sorted(inner)] as const);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function storedOtherwise(): ClientError {
  return new ClientError("head_mismatch", "The server did not store the messages as they were sent.");
}
