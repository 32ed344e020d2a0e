import { bytesSchema, type ChatId, chatIdSchema, equalBytes } from "@openmates-share/protocol/wire";
import * as v from "valibot";
import { ClientError } from "./errors.ts";
import { type ChatRecord, chatRecordSchema, type HeldIdentity, identitySchema, type Keyring } from "./keyring.ts";
import { pack, unpack } from "./msgpack.ts";
import { mergeKeys } from "./unlock.ts";

/** A keyring as it travels between devices of one person, sealed (SPEC section 15). Sessions stay where they are. */
export interface KeyringBody {
  readonly identities: readonly HeldIdentity[];
  readonly chats: readonly ChatRecord[];
  /** Chats that were forgotten on purpose, and when: milliseconds since 1970. */
  readonly forgotten: readonly { readonly chat: ChatId; readonly at: number }[];
}

const bodySchema = v.object({
  version: v.literal(1),
  identities: v.array(identitySchema),
  chats: v.array(chatRecordSchema),
  forgotten: v.array(v.object({ chat: chatIdSchema, at: v.number() })),
});

export async function readKeyring(keyring: Keyring): Promise<KeyringBody> {
  const [identities, chats, forgotten] = await Promise.all([
    keyring.identities(),
    keyring.records(),
    keyring.forgotten(),
  ]);
  // A chat of one's own that was never sealed is still being uploaded, by this device and no other.
  const whole = chats.filter(({ owner, seen }) => !owner || seen !== null);
  return { identities, chats: whole, forgotten: [...forgotten].map(([chat, at]) => ({ chat, at })) };
}

/** The same bytes for the same keys, in whatever order they are held. */
export function packKeyring({ identities, chats, forgotten }: KeyringBody) {
  return pack({
    version: 1,
    identities: [...identities].sort((a, b) => compare(String(a.publicKey), String(b.publicKey))),
    chats: [...chats].sort((a, b) => compare(a.chat, b.chat)).map(inOrder),
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

/** What a merge gave: everything of both, and the chats in which both do not agree. */
export interface Merged {
  readonly body: KeyringBody;
  readonly conflicts: readonly ChatId[];
}

/**
 * The union of two keyrings. A key is never replaced by another (SPEC Y6): where they have different ones for a chat, ours
 * stays here, and theirs is what goes back to where it came from.
 */
export function mergeKeyrings(ours: KeyringBody, theirs: KeyringBody): Merged {
  const forgotten = mergeForgotten(ours, theirs);
  const mine = new Map(ours.chats.map((record) => [record.chat, record]));
  const conflicts: ChatId[] = [];
  for (const record of theirs.chats) {
    const own = mine.get(record.chat);
    if (own && contradict(own, record)) conflicts.push(record.chat);
    else mine.set(record.chat, own ? mergeRecords(own, record) : record);
  }
  const kept = [...mine.values()].filter(({ chat, openedAt }) => openedAt > (forgotten.get(chat) ?? -1));
  const identities = new Map([...ours.identities, ...theirs.identities].map((held) => [String(held.publicKey), held]));
  return {
    body: {
      identities: [...identities.values()],
      chats: kept,
      forgotten: [...forgotten].map(([chat, at]) => ({ chat, at })),
    },
    conflicts,
  };
}

/** Puts a merged keyring on this device, a record at a time, each checked again against what is there by then. */
export async function takeKeyring(keyring: Keyring, { body, conflicts }: Merged): Promise<void> {
  for (const identity of body.identities) await keyring.addIdentity(identity);
  const refused = new Set(conflicts);
  for (const record of body.chats) {
    if (refused.has(record.chat)) continue;
    const known = await keyring.chat(record.chat);
    if (known && sameRecord(known, record)) continue;
    await keyring.updateChat(record.chat, (now) => (now ? mergeRecords(now, record) : record));
  }
  const present = new Set((await keyring.records()).map(({ chat }) => chat));
  const kept = new Set(body.chats.map(({ chat }) => chat));
  for (const { chat, at } of body.forgotten) {
    if (present.has(chat) && !kept.has(chat)) await keyring.forget(chat);
    else if (!present.has(chat)) await keyring.noteForgotten(chat, at);
  }
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
  const epochs = new Map(a.keys.map(({ epoch, raw }) => [epoch, raw]));
  if (b.keys.some(({ epoch, raw }) => !equalBytes(epochs.get(epoch) ?? raw, raw))) return true;
  const links = new Map(a.made.map(({ link, linkKey }) => [link, linkKey]));
  return b.made.some(({ link, linkKey }) => !equalBytes(links.get(link) ?? linkKey, linkKey));
}

function mergeRecords(ours: ChatRecord, theirs: ChatRecord): ChatRecord {
  const newer = theirs.openedAt > ours.openedAt ? theirs : ours;
  const owner = ours.owner || theirs.owner;
  const made = new Map([...ours.made, ...theirs.made].map((held) => [held.link, held]));
  const further = (theirs.seen?.seq ?? -1) > (ours.seen?.seq ?? -1) ? theirs.seen : ours.seen;
  // Who comes to a keyring that is shared already writes as the others there do: them the server knows.
  const writesAs = owner ? ours.ownerKey : (theirs.writesAs ?? ours.writesAs);
  return {
    ...ours,
    title: newer.title || ours.title || theirs.title,
    owner,
    openedAt: newer.openedAt,
    cameBy: owner ? null : (newer.cameBy ?? ours.cameBy ?? theirs.cameBy),
    keys: mergeKeys(ours.keys, theirs.keys),
    made: [...made.values()].sort((a, b) => compare(a.link, b.link)),
    seen: further,
    name: ours.name ?? theirs.name,
    ...(writesAs ? { writesAs } : {}),
  };
}

function sameRecord(a: ChatRecord, b: ChatRecord): boolean {
  return equalBytes(pack(inOrder(a)), pack(inOrder(b)));
}

/** Names sorted, so that equal records are equal bytes. */
function inOrder(record: ChatRecord): Record<string, unknown> {
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
