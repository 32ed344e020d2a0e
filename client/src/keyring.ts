import {
  type ChatKey,
  createIdentity,
  type Identity,
  loadChatKey,
  loadIdentity,
} from "@openmates-share/protocol/crypto";
import {
  bytesSchema,
  type ChatId,
  chatIdSchema,
  equalBytes,
  LINK_MODES,
  type LinkMode,
  linkIdSchema,
  type Position,
  seqSchema,
} from "@openmates-share/protocol/wire";
import * as v from "valibot";
import { EmbedRecords } from "./embeds/embed-records.ts";
import { ClientError } from "./errors.ts";
import { pack, unpack } from "./msgpack.ts";
import type { SecretStore } from "./secret-store.ts";

const key32 = bytesSchema({ min: 32, max: 32 });

const deviceSchema = v.object({
  privateKey: bytesSchema({ min: 32, max: 200 }),
  publicKey: key32,
  session: v.nullable(v.string()),
});
type StoredDevice = v.InferOutput<typeof deviceSchema>;

/** A link this device can open or made: its key, and the derived wrap key in which a password has taken part already. */
const heldLinkSchema = v.object({ link: linkIdSchema, linkKey: key32, wrapKey: key32 });
export type HeldLink = v.InferOutput<typeof heldLinkSchema>;

const chatRecordSchema = v.object({
  chat: chatIdSchema,
  title: v.string(),
  owner: v.boolean(),
  /** Ed25519 of the owner. */
  ownerKey: key32,
  /** Ed25519 of the service whose answers count in this chat: the first one that the server named. */
  mate: key32,
  openedAt: v.number(),
  /** The link this device came by; null for the owner. */
  cameBy: v.nullable(v.object({ ...heldLinkSchema.entries, mode: v.picklist(LINK_MODES) })),
  keys: v.array(v.object({ epoch: v.number(), raw: key32 })),
  /** Links made here. */
  made: v.array(heldLinkSchema),
  /** The furthest end that was verified: a server that shows less is lying (R2). */
  seen: v.nullable(v.object({ seq: seqSchema, head: key32 })),
  /** The name shown to others in this chat. */
  name: v.nullable(v.string()),
});
export type ChatRecord = v.InferOutput<typeof chatRecordSchema>;

/** A chat that this device holds keys for. */
export interface KnownChat {
  readonly chat: ChatId;
  readonly title: string;
  readonly owner: boolean;
  /** Milliseconds since 1970. */
  readonly openedAt: number;
  /** Of the link this device came by; null for the owner. */
  readonly linkMode: LinkMode | null;
}

const DEVICE = "device";
const NEW_DEVICE = "new-device";
const CHAT = "chat/";

/**
 * The one authority for keys on a device. Each record is written whole; changes of one record wait for each other, so
 * two callers never overwrite what the other has added.
 */
export class Keyring {
  /** Of embeds with links of their own. */
  readonly embeds: EmbedRecords;
  readonly #store: SecretStore;
  #device: Promise<{ identity: Identity; stored: StoredDevice }> | null = null;
  readonly #turns = new Map<string, Promise<unknown>>();

  constructor(store: SecretStore) {
    this.#store = store;
    this.embeds = new EmbedRecords({ store, inTurn: (name, work) => this.#inTurn(name, work) });
  }

  async identity(): Promise<Identity> {
    return (await this.#loadDevice()).identity;
  }

  async session(): Promise<string | null> {
    return (await this.#loadDevice()).stored.session;
  }

  /** The session, made by `create` if there is none; asked twice at once it is made once. */
  async sessionOr(create: () => Promise<string>): Promise<string> {
    return this.#inTurn(DEVICE, async () => {
      // Another tab may have made one since this one looked.
      this.#device = null;
      const device = await this.#loadDevice();
      if (device.stored.session) return device.stored.session;
      const stored = { ...device.stored, session: await create() };
      await this.#store.set(DEVICE, pack(stored));
      this.#device = Promise.resolve({ ...device, stored });
      return stored.session;
    });
  }

  /** Forgets a session that the server no longer takes; the identity stays. */
  async dropSession(session: string): Promise<void> {
    await this.#inTurn(DEVICE, async () => {
      const device = await this.#loadDevice();
      if (device.stored.session !== session) return;
      const stored = { ...device.stored, session: null };
      await this.#store.set(DEVICE, pack(stored));
      this.#device = Promise.resolve({ ...device, stored });
    });
  }

  async chat(chat: ChatId): Promise<ChatRecord | null> {
    const bytes = await this.#store.get(CHAT + chat);
    return bytes ? v.parse(chatRecordSchema, unpack(bytes)) : null;
  }

  /** @throws ClientError `no_key` */
  async requireChat(chat: ChatId): Promise<ChatRecord> {
    const record = await this.chat(chat);
    if (record) return record;
    throw new ClientError("no_key", "This device has no key for that chat. Please open it by its link.");
  }

  /** Changes one record; `change` gets what is stored now, or null. */
  async updateChat(chat: ChatId, change: (now: ChatRecord | null) => ChatRecord): Promise<ChatRecord> {
    return this.#inTurn(CHAT + chat, async () => {
      const before = await this.chat(chat);
      const after = change(before);
      refuseOtherKeys(before, after);
      await this.#store.set(CHAT + chat, pack(after));
      return after;
    });
  }

  /** Remembers a verified end, unless a further one is known, and the title that the owner sealed. */
  async remember(chat: ChatId, { seen, title }: { seen: Position; title: string }): Promise<void> {
    const known = await this.chat(chat);
    // Forgotten meanwhile, or nothing new: then nothing is written.
    if (!known || (known.title === title && known.seen && known.seen.seq >= seen.seq)) return;
    await this.updateChat(chat, (now) => {
      if (!now) throw new ClientError("no_key", "This chat was forgotten meanwhile.");
      const further = now.seen && now.seen.seq >= seen.seq ? now.seen : { seq: seen.seq, head: seen.head };
      return { ...now, title, seen: further };
    });
  }

  async forget(chat: ChatId): Promise<void> {
    await this.#inTurn(CHAT + chat, async () => this.#store.delete(CHAT + chat));
  }

  /** Newest first. */
  async chats(): Promise<KnownChat[]> {
    const names = await this.#store.names(CHAT);
    const records = await Promise.all(names.map((name) => this.#store.get(name)));
    return records
      .flatMap((bytes) => (bytes ? [v.parse(chatRecordSchema, unpack(bytes))] : []))
      .map(({ chat, title, owner, openedAt, cameBy }) => ({
        chat,
        title,
        owner,
        openedAt,
        linkMode: cameBy?.mode ?? null,
      }))
      .sort((a, b) => b.openedAt - a.openedAt);
  }

  #loadDevice(): Promise<{ identity: Identity; stored: StoredDevice }> {
    this.#device ??= this.#readOrCreateDevice().catch((error: unknown) => {
      this.#device = null;
      throw error;
    });
    return this.#device;
  }

  async #readOrCreateDevice(): Promise<{ identity: Identity; stored: StoredDevice }> {
    // A turn of its own name, for this happens within turns of the device's too. Two tabs or processes that begin at
    // once must not become two people, one of whom is overwritten.
    const create = async () => (await this.#readDevice()) ?? this.#createDevice();
    return (await this.#readDevice()) ?? this.#inTurn(NEW_DEVICE, create);
  }

  async #readDevice(): Promise<{ identity: Identity; stored: StoredDevice } | null> {
    const bytes = await this.#store.get(DEVICE);
    if (!bytes) return null;
    const stored = v.parse(deviceSchema, unpack(bytes));
    return { identity: await loadIdentity(stored), stored };
  }

  async #createDevice(): Promise<{ identity: Identity; stored: StoredDevice }> {
    const { identity, stored } = await createIdentity();
    const device = { ...stored, session: null };
    await this.#store.set(DEVICE, pack(device));
    return { identity, stored: device };
  }

  async #inTurn<T>(name: string, work: () => Promise<T>): Promise<T> {
    const locked = () => (this.#store.exclusively ? this.#store.exclusively(name, work) : withLock(name, work));
    const turn = (this.#turns.get(name) ?? Promise.resolve()).then(locked, locked);
    const settled = turn.catch(() => undefined);
    this.#turns.set(name, settled);
    try {
      return await turn;
    } finally {
      if (this.#turns.get(name) === settled) this.#turns.delete(name);
    }
  }
}

/** Every epoch's key of a chat, oldest first, ready to use. */
export function chatKeysOf({ chat, keys }: ChatRecord): Promise<ChatKey[]> {
  return Promise.all(keys.map(({ epoch, raw }) => loadChatKey({ chat, epoch, raw })));
}

/** The key that is written under now. @throws ClientError `no_key` */
export async function newestChatKey({ chat, keys }: ChatRecord): Promise<ChatKey> {
  const newest = keys.at(-1);
  if (newest) return loadChatKey({ chat, ...newest });
  throw new ClientError("no_key", "This device has no key for that chat.");
}

/** A key is never replaced by another silently: two keys for one epoch mean that somebody is lying. */
function refuseOtherKeys(before: ChatRecord | null, after: ChatRecord): void {
  if (before && !equalBytes(before.ownerKey, after.ownerKey)) {
    throw new ClientError("wrong_sender", "This link names another owner of the chat than before. It was not opened.");
  }
  for (const { epoch, raw } of before?.keys ?? []) {
    const now = after.keys.find((key) => key.epoch === epoch);
    if (now && equalBytes(raw, now.raw)) continue;
    throw new ClientError("conflict", "This device holds another key for that chat already. It was kept.");
  }
}

/** Other tabs of the same browser take turns too; elsewhere a store without `exclusively` belongs to one process. */
export async function withLock<T>(name: string, work: () => Promise<T>): Promise<T> {
  const locks: LockManager | undefined = globalThis.navigator?.locks;
  return locks ? locks.request(`openmates-share/${name}`, work) : work();
}
