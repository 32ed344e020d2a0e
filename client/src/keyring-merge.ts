import { bytesSchema, type ChatId, chatIdSchema, type EmbedId, equalBytes } from "@openmates-share/protocol/wire";
import * as v from "valibot";
import { type EmbedRecord, embedRecordSchema } from "./embeds/embed-records.ts";
import { ClientError } from "./errors.ts";
import { type ChatRecord, chatRecordSchema, type HeldIdentity, identitySchema, type Keyring } from "./keyring.ts";
import { pack, unpack } from "./msgpack.ts";
import { mergeKeys } from "./unlock.ts";

/** A keyring as it travels between devices of one person, sealed (SPEC section 15). Sessions stay where they are. */
export interface KeyringBody {
  readonly identities: readonly HeldIdentity[];
  readonly chats: readonly ChatRecord[];
  /** Embeds shared or opened by a link of their own. */
  readonly embeds: readonly EmbedRecord[];
  /** Chats that were forgotten on purpose, and when: milliseconds since 1970. */
  readonly forgotten: readonly { readonly chat: ChatId; readonly at: number }[];
}

const bodySchema = v.object({
  version: v.literal(1),
  identities: v.array(identitySchema),
  chats: v.array(chatRecordSchema),
  embeds: v.array(embedRecordSchema),
  forgotten: v.array(v.object({ chat: chatIdSchema, at: v.number() })),
});

export async function readKeyring(keyring: Keyring): Promise<KeyringBody> {
  const [identities, chats, embeds, forgotten] = await Promise.all([
    keyring.identities(),
    keyring.records(),
    keyring.embeds.records(),
    keyring.forgotten(),
  ]);
  // A chat of one's own that was never sealed is still being uploaded, by this device and no other.
  const whole = chats.filter(({ owner, seen }) => !owner || seen !== null);
  return { identities, chats: whole, embeds, forgotten: [...forgotten].map(([chat, at]) => ({ chat, at })) };
}

/** The same bytes for the same keys, in whatever order they are held. */
export function packKeyring({ identities, chats, embeds, forgotten }: KeyringBody) {
  return pack({
    version: 1,
    identities: [...identities].sort((a, b) => compare(String(a.publicKey), String(b.publicKey))),
    chats: [...chats].sort((a, b) => compare(a.chat, b.chat)).map(inOrder),
    embeds: [...embeds].sort((a, b) => compare(a.embed, b.embed)).map(inOrder),
    forgotten: [...forgotten].sort((a, b) => compare(a.chat, b.chat)),
  });
}

/** @throws ClientError `malformed`, `unsupported_version` */
export function unpackKeyring(bytes: Uint8Array): KeyringBody {
  const value = decode(bytes);
  const parsed = v.safeParse(bodySchema, value);
  if (parsed.success) return parsed.output;
  const newer = v.is(v.object({ version: v.pipe(v.number(), v.minValue(2)) }), value);
  if (newer)
    throw new ClientError("unsupported_version", "These keys are of a newer version. Please reload or update.");
  throw new ClientError("malformed", "These keys cannot be read.");
}

/** What a merge gave: everything of both, and the chats and embeds in which both do not agree. */
export interface Merged {
  readonly body: KeyringBody;
  readonly conflicts: readonly (ChatId | EmbedId)[];
}

/**
 * The union of two keyrings. A key is never replaced by another (SPEC Y6): where they have different ones for a chat, ours
 * stays here, and theirs is what goes back to where it came from.
 */
export function mergeKeyrings(ours: KeyringBody, theirs: KeyringBody): Merged {
  const forgotten = mergeForgotten(ours, theirs);
  const chats = mergeHeld(ours.chats, theirs.chats, { nameOf: ({ chat }) => chat, contradict, merge: mergeRecords });
  const embeds = mergeHeld(ours.embeds, theirs.embeds, {
    nameOf: ({ embed }) => embed,
    contradict: (a, b) => !equalBytes(a.key, b.key) || !equalBytes(a.ownerKey, b.ownerKey),
    merge: mergeEmbeds,
  });
  const identities = new Map([...ours.identities, ...theirs.identities].map((held) => [String(held.publicKey), held]));
  return {
    body: {
      identities: [...identities.values()],
      chats: chats.all.filter(({ chat, openedAt }) => openedAt > (forgotten.get(chat) ?? -1)),
      embeds: embeds.all,
      forgotten: [...forgotten].map(([chat, at]) => ({ chat, at })),
    },
    conflicts: [...chats.conflicts, ...embeds.conflicts],
  };
}

/** Puts a merged keyring on this device, a record at a time, each checked again against what is there by then. */
export async function takeKeyring(keyring: Keyring, { body, conflicts }: Merged): Promise<void> {
  const refused = new Set<string>(conflicts);
  for (const identity of body.identities) await keyring.addIdentity(identity);
  for (const record of body.embeds) if (!refused.has(record.embed)) await takeEmbed(keyring, record);
  for (const record of body.chats) if (!refused.has(record.chat)) await takeChat(keyring, record);
  await takeForgotten(keyring, body);
}

async function takeEmbed({ embeds }: Keyring, record: EmbedRecord): Promise<void> {
  const known = await embeds.get(record.embed);
  if (known && sameRecord(known, record)) return;
  await embeds.update(record.embed, (now) => (now ? mergeEmbeds(now, record) : record));
}

async function takeChat(keyring: Keyring, record: ChatRecord): Promise<void> {
  const known = await keyring.chat(record.chat);
  if (known && sameRecord(known, record)) return;
  await keyring.updateChat(record.chat, (now) => (now ? mergeRecords(now, record) : record));
}

async function takeForgotten(keyring: Keyring, { chats, forgotten }: KeyringBody): Promise<void> {
  const present = new Set((await keyring.records()).map(({ chat }) => chat));
  const kept = new Set(chats.map(({ chat }) => chat));
  for (const { chat, at } of forgotten) {
    if (!present.has(chat)) await keyring.noteForgotten(chat, at);
    else if (!kept.has(chat)) await keyring.forget(chat);
  }
}

/** The union of two lists of records, ours where they contradict each other; and which those are. */
function mergeHeld<T, Name>(
  ours: readonly T[],
  theirs: readonly T[],
  rules: { nameOf: (record: T) => Name; contradict: (a: T, b: T) => boolean; merge: (a: T, b: T) => T },
): { all: readonly T[]; conflicts: readonly Name[] } {
  const all = new Map(ours.map((record) => [rules.nameOf(record), record]));
  const conflicts: Name[] = [];
  for (const record of theirs) {
    const name = rules.nameOf(record);
    const own = all.get(name);
    if (own && rules.contradict(own, record)) conflicts.push(name);
    else all.set(name, own ? rules.merge(own, record) : record);
  }
  return { all: [...all.values()], conflicts };
}

function mergeForgotten(ours: KeyringBody, theirs: KeyringBody): Map<ChatId, number> {
  const merged = new Map<ChatId, number>();
  for (const { chat, at } of [...ours.forgotten, ...theirs.forgotten]) {
    merged.set(chat, Math.max(at, merged.get(chat) ?? 0));
  }
  return merged;
}

/** Whether two records of a chat have different keys for the same thing. */
function contradict(a: ChatRecord, b: ChatRecord): boolean {
  if (!equalBytes(a.ownerKey, b.ownerKey)) return true;
  const [short, long] = [a.successions ?? NONE, b.successions ?? NONE].sort((x, y) => x.length - y.length);
  if (!equalBytes(short ?? NONE, (long ?? NONE).subarray(0, short?.length))) return true;
  const epochs = new Map(a.keys.map(({ epoch, raw }) => [epoch, raw]));
  if (b.keys.some(({ epoch, raw }) => !equalBytes(epochs.get(epoch) ?? raw, raw))) return true;
  const links = new Map(a.made.map(({ link, linkKey }) => [link, linkKey]));
  return b.made.some(({ link, linkKey }) => !equalBytes(links.get(link) ?? linkKey, linkKey));
}

const NONE = new Uint8Array(0);

function mergeRecords(ours: ChatRecord, theirs: ChatRecord): ChatRecord {
  const newer = theirs.openedAt > ours.openedAt ? theirs : ours;
  const made = new Map([...ours.made, ...theirs.made].map((held) => [held.link, held]));
  const further = (theirs.seen?.seq ?? -1) > (ours.seen?.seq ?? -1) ? theirs.seen : ours.seen;
  return {
    ...ours,
    title: newer.title || ours.title || theirs.title,
    openedAt: newer.openedAt,
    keys: mergeKeys(ours.keys, theirs.keys),
    made: [...made.values()].sort((a, b) => compare(a.link, b.link)),
    seen: further,
    name: ours.name ?? theirs.name,
    ...mergeOwnership(ours, theirs),
  };
}

/** Whose a chat is, and how one comes to it: who has heard of the last succession knows. */
function mergeOwnership(ours: ChatRecord, theirs: ChatRecord): Partial<ChatRecord> {
  const newer = theirs.openedAt > ours.openedAt ? theirs : ours;
  const further = lengthOf(ours) - lengthOf(theirs);
  const told = further === 0 ? newer : further > 0 ? ours : theirs;
  const owner = further === 0 ? ours.owner || theirs.owner : told.owner;
  // Who comes to a keyring that is shared already writes as the others there do: them the server knows.
  const writesAs = owner && lengthOf(told) === 0 ? ours.ownerKey : (theirs.writesAs ?? ours.writesAs);
  const { successions, offered, inheriting } = told;
  return {
    owner,
    cameBy: owner ? null : (told.cameBy ?? ours.cameBy ?? theirs.cameBy),
    ...(writesAs ? { writesAs } : {}),
    ...(successions ? { successions } : {}),
    ...(offered === undefined ? {} : { offered }),
    ...(inheriting === undefined ? {} : { inheriting }),
  };
}

function lengthOf({ successions }: ChatRecord): number {
  return successions?.length ?? 0;
}

function mergeEmbeds(ours: EmbedRecord, theirs: EmbedRecord): EmbedRecord {
  const newer = theirs.openedAt > ours.openedAt ? theirs : ours;
  const owner = ours.owner || theirs.owner;
  const made = new Map([...ours.made, ...theirs.made].map((held) => [held.link, held]));
  return {
    ...newer,
    owner,
    cameBy: owner ? null : (newer.cameBy ?? ours.cameBy ?? theirs.cameBy),
    made: [...made.values()].sort((a, b) => compare(a.link, b.link)),
  };
}

function sameRecord<T extends ChatRecord | EmbedRecord>(a: T, b: T): boolean {
  return equalBytes(pack(inOrder(a)), pack(inOrder(b)));
}

/** Names sorted, so that equal records are equal bytes. */
function inOrder(record: ChatRecord | EmbedRecord): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => compare(a, b)));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function decode(bytes: Uint8Array): unknown {
  try {
    return unpack(bytes);
  } catch (cause) {
    throw new ClientError("malformed", "These keys cannot be read.", { cause });
  }
}

export const syncStateSchema = v.object({
  salt: bytesSchema({ min: 16, max: 16 }),
  raw: bytesSchema({ min: 32, max: 32 }),
});
