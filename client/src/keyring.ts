import {
  type ChatKey,
  createIdentity,
  type Identity,
  loadChatKey,
  loadIdentity,
} from "@openmates-share/protocol/crypto";
import { viewTicket } from "@openmates-share/protocol/link";
import {
  type Bytes,
  bytesSchema,
  type ChatId,
  chatIdSchema,
  equalBytes,
  LINK_MODES,
  type LinkId,
  type LinkMode,
  linkIdSchema,
  type Position,
  ROTATION_LENGTH,
  SUCCESSIONS_LENGTH,
  senderIdSchema,
  seqSchema,
  toBase64url,
} from "@openmates-share/protocol/wire";
import * as v from "valibot";
import { EMBED, EmbedRecords } from "./embeds/embed-records.ts";
import { ClientError } from "./errors.ts";
import { pack, unpack } from "./msgpack.ts";
import type { SecretStore } from "./secret-store.ts";

const key32 = bytesSchema({ min: 32, max: 32 });

const deviceSchema = v.object({
  privateKey: bytesSchema({ min: 32, max: 200 }),
  publicKey: key32,
  session: v.nullable(v.string()),
  /** Whether the session is of somebody who signed in; a guest's can be made anew. */
  signedIn: v.exactOptional(v.boolean()),
});
type StoredDevice = v.InferOutput<typeof deviceSchema>;

/** An identity that this person writes as elsewhere. */
export const identitySchema = v.object({ privateKey: bytesSchema({ min: 32, max: 200 }), publicKey: key32 });
export type HeldIdentity = v.InferOutput<typeof identitySchema>;

/** A link this device can open or made: its key, and the derived wrap key in which a password has taken part already. */
export const heldLinkSchema = v.object({ link: linkIdSchema, linkKey: key32, wrapKey: key32 });

export const chatRecordSchema = v.object({
  chat: chatIdSchema,
  title: v.string(),
  owner: v.boolean(),
  /** Ed25519 of the owner. */
  ownerKey: key32,
  /** Ed25519 of the service whose answers count in this chat: the first one that the server named. */
  mate: key32,
  openedAt: v.number(),
  /** The link this device came by; null for the owner. */
  cameBy: v.nullable(
    v.object({
      ...heldLinkSchema.entries,
      mode: v.picklist(LINK_MODES),
      /** Whether the link is for one person, who has to say who they are. */
      named: v.exactOptional(v.boolean()),
    }),
  ),
  keys: v.array(v.object({ epoch: v.number(), raw: key32 })),
  /** A key of a new epoch that is on its way: after a crash the server says by its rotation whether it holds. */
  pending: v.exactOptional(
    v.nullable(
      v.object({
        epoch: v.number(),
        raw: key32,
        rotation: bytesSchema({ min: ROTATION_LENGTH, max: ROTATION_LENGTH }),
      }),
    ),
  ),
  /** Of one's own chat: the last end that was sealed here. */
  sealed: v.exactOptional(v.nullable(v.object({ seq: seqSchema, head: key32 }))),
  /** An update of the shared part that goes out when its time has come, unless it is undone before. */
  update: v.exactOptional(
    v.nullable(v.object({ at: v.object({ seq: seqSchema, head: key32 }), title: v.string(), due: v.number() })),
  ),
  /** Whose the chat has been after who made it, verified (SPEC H6), one behind the other; absent for none. */
  successions: v.exactOptional(bytesSchema({ min: 0, max: SUCCESSIONS_LENGTH })),
  /** Of one's own chat: whom it is offered, and the link by which one stays. */
  offered: v.exactOptional(v.nullable(v.object({ to: senderIdSchema, link: linkIdSchema }))),
  /** What was handed over, should the chat be one's own when this device next looks. */
  inheriting: v.exactOptional(v.nullable(v.object({ made: v.array(heldLinkSchema) }))),
  /** Links made here. */
  made: v.array(heldLinkSchema),
  /** The furthest end that was verified: a server that shows less is lying (R2). */
  seen: v.nullable(v.object({ seq: seqSchema, head: key32 })),
  /** The name shown to others in this chat. */
  name: v.nullable(v.string()),
  /** Ed25519 of the identity that this person writes as here; absent in records of old: the device's own. */
  writesAs: v.exactOptional(key32),
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
const IDENTITY = "identity/";
const FORGOTTEN = "forgotten/";
/** Which safety numbers were compared (`safety.ts`). */
export const COMPARED = "compared/";
/** How far this device has read: apart from the chat's record, for it changes all the time and is not for other devices. */
const READ = "read/";
/** What waits to be sent, by chat. */
export const OUTBOX = "outbox/";
/** What was taken back and is not yet erased. */
export const ERASING = "erasing/";

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
  readonly #listeners = new Set<() => void>();

  constructor(store: SecretStore) {
    this.#store = store;
    this.embeds = new EmbedRecords({ store, inTurn: (name, work) => this.#changing(name, work) });
  }

  async identity(): Promise<Identity> {
    return (await this.#loadDevice()).identity;
  }

  /** What this device is counted by when it opens a link (SPEC K8). */
  async ticket(subject: ChatId, link: LinkId): Promise<Bytes> {
    return viewTicket({ secret: (await this.#loadDevice()).stored.privateKey, subject, link });
  }

  /** Who writes in that chat: the device's own identity, or one that came from another device. @throws ClientError `no_key` */
  async identityOf({ writesAs }: Pick<ChatRecord, "writesAs">): Promise<Identity> {
    const own = await this.identity();
    if (!writesAs || equalBytes(writesAs, own.publicKey)) return own;
    const bytes = await this.#store.get(IDENTITY + toBase64url(writesAs));
    if (bytes) return loadIdentity(v.parse(identitySchema, unpack(bytes)));
    throw new ClientError("no_key", "This chat is written in as somebody whose key is on another device.");
  }

  /** As it stands now: another tab may have signed in or out. */
  async session(): Promise<string | null> {
    return (await this.#storedDevice())?.session ?? null;
  }

  async isSignedIn(): Promise<boolean> {
    const device = await this.#storedDevice();
    return device?.session ? (device.signedIn ?? false) : false;
  }

  /** Takes another session in place of the one there is; null for none. */
  async setSession(session: { session: string; signedIn: boolean } | null): Promise<void> {
    await this.exclusively(DEVICE, async () => {
      this.#device = null;
      const { identity, stored } = await this.#loadDevice();
      const { privateKey, publicKey } = stored;
      const next = { privateKey, publicKey, session: session?.session ?? null, signedIn: session?.signedIn ?? false };
      await this.#store.set(DEVICE, pack(next));
      this.#device = Promise.resolve({ identity, stored: next });
    });
  }

  /** The session, made by `create` if there is none; asked twice at once it is made once. */
  async sessionOr(create: () => Promise<string>): Promise<string> {
    return this.exclusively(DEVICE, async () => {
      // Another tab may have made one since this one looked.
      this.#device = null;
      const device = await this.#loadDevice();
      if (device.stored.session) return device.stored.session;
      const stored = { ...device.stored, session: await create(), signedIn: false };
      await this.#store.set(DEVICE, pack(stored));
      this.#device = Promise.resolve({ ...device, stored });
      return stored.session;
    });
  }

  /** Forgets a session that the server no longer takes; the identity stays. Returns whether it was of somebody signed in. */
  async dropSession(session: string): Promise<boolean> {
    return this.exclusively(DEVICE, async () => {
      this.#device = null;
      const device = await this.#loadDevice();
      if (device.stored.session !== session) return false;
      const stored = { ...device.stored, session: null, signedIn: false };
      await this.#store.set(DEVICE, pack(stored));
      this.#device = Promise.resolve({ ...device, stored });
      return device.stored.signedIn ?? false;
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
    const own = await this.identity();
    const record = await this.exclusively(CHAT + chat, async () => {
      const before = await this.chat(chat);
      const changed = change(before);
      const writesAs = changed.writesAs ?? before?.writesAs ?? (changed.owner ? changed.ownerKey : own.publicKey);
      const after = { ...changed, writesAs };
      refuseOtherKeys(before, after);
      await this.#store.set(CHAT + chat, pack(after));
      return after;
    });
    this.#changed();
    return record;
  }

  /** Adds keys of epochs that came since. @throws ClientError `conflict`, `no_key` */
  addKeys(chat: ChatId, keys: ChatRecord["keys"]): Promise<ChatRecord> {
    return this.updateChat(chat, (now) => {
      if (!now) throw new ClientError("no_key", "This chat was forgotten meanwhile.");
      const merged = new Map([...now.keys, ...keys].map((key) => [key.epoch, key]));
      return { ...now, keys: [...merged.values()].sort((a, b) => a.epoch - b.epoch) };
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

  /** How far this device has read in a chat; 0 for nothing. */
  async readThrough(chat: ChatId): Promise<number> {
    const bytes = await this.#store.get(READ + chat);
    const seq = bytes ? unpack(bytes) : 0;
    return v.is(seqSchema, seq) ? seq : 0;
  }

  async rememberRead(chat: ChatId, seq: number): Promise<void> {
    await this.exclusively(READ + chat, async () => {
      if (seq > (await this.readThrough(chat))) await this.#store.set(READ + chat, pack(seq));
    });
  }

  async forget(chat: ChatId): Promise<void> {
    await this.exclusively(CHAT + chat, async () => {
      // Noted first: a chat that was forgotten here must not come back from another device.
      await this.#store.set(FORGOTTEN + chat, pack(Date.now()));
      await this.#store.delete(CHAT + chat);
    });
    await this.#store.delete(READ + chat);
    for (const prefix of [OUTBOX, ERASING]) {
      for (const name of await this.#store.names(`${prefix}${chat}/`)) await this.#store.delete(name);
    }
    this.#changed();
  }

  /** The same for a chat that was forgotten on another device and is not here. */
  async noteForgotten(chat: ChatId, at: number): Promise<void> {
    if (((await this.forgotten()).get(chat) ?? 0) < at) await this.#store.set(FORGOTTEN + chat, pack(at));
  }

  async records(): Promise<ChatRecord[]> {
    const names = await this.#store.names(CHAT);
    const records = await Promise.all(names.map((name) => this.#store.get(name)));
    return records.flatMap((bytes) => (bytes ? [v.parse(chatRecordSchema, unpack(bytes))] : []));
  }

  /** Chats that were forgotten here, and when. */
  async forgotten(): Promise<ReadonlyMap<ChatId, number>> {
    const names = await this.#store.names(FORGOTTEN);
    const entries = await Promise.all(
      names.map(async (name) => {
        const bytes = await this.#store.get(name);
        const [chat, at] = [name.slice(FORGOTTEN.length), bytes ? unpack(bytes) : null];
        return v.is(chatIdSchema, chat) && typeof at === "number" ? [[chat, at] as const] : [];
      }),
    );
    return new Map(entries.flat());
  }

  /** Everything this person writes as, the device's own identity first. */
  async identities(): Promise<readonly HeldIdentity[]> {
    const { privateKey, publicKey } = (await this.#loadDevice()).stored;
    const names = await this.#store.names(IDENTITY);
    const others = await Promise.all(names.map((name) => this.#store.get(name)));
    const held = others.flatMap((bytes) => (bytes ? [v.parse(identitySchema, unpack(bytes))] : []));
    return [{ privateKey, publicKey }, ...held];
  }

  /** Takes an identity of another device of the same person's. @throws ProtocolError `malformed` */
  async addIdentity(held: HeldIdentity): Promise<void> {
    const { publicKey } = await this.identity();
    if (equalBytes(held.publicKey, publicKey)) return;
    // Whoever sealed it may be a broken program: what cannot sign is not kept.
    await loadIdentity(held);
    await this.#store.set(IDENTITY + toBase64url(held.publicKey), pack(held));
  }

  /** Drops all chats and foreign identities of this device, and the session; the device itself stays who it is. */
  async clear(): Promise<void> {
    for (const prefix of [CHAT, IDENTITY, FORGOTTEN, EMBED, COMPARED, OUTBOX, ERASING, READ]) {
      for (const name of await this.#store.names(prefix)) await this.#store.delete(name);
    }
    await this.setSession(null);
    this.#changed();
  }

  /** Tells when chats were added, changed or forgotten here. Returns the function that ends it. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Newest first. */
  async chats(): Promise<KnownChat[]> {
    return (await this.records())
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
    return (await this.#readDevice()) ?? this.exclusively(NEW_DEVICE, create);
  }

  async #changing<T>(name: string, work: () => Promise<T>): Promise<T> {
    const done = await this.exclusively(name, work);
    this.#changed();
    return done;
  }

  #changed(): void {
    for (const listener of [...this.#listeners]) listener();
  }

  async #storedDevice(): Promise<StoredDevice | null> {
    const bytes = await this.#store.get(DEVICE);
    return bytes ? v.parse(deviceSchema, unpack(bytes)) : null;
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

  /** Does the work while nobody else who shares this keyring, in another tab or process, works under that name. */
  async exclusively<T>(name: string, work: () => Promise<T>): Promise<T> {
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
export function chatKeysOf({ chat, keys }: Pick<ChatRecord, "chat" | "keys">): Promise<ChatKey[]> {
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
