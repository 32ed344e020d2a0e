import { identifyLink } from "@openmates-share/protocol/link";
import {
  type Bytes,
  type ChatId,
  type ChatKeys,
  equalBytes,
  type MessageId,
  type OpenedChat,
  type Position,
} from "@openmates-share/protocol/wire";
import type { Credentials } from "./api.ts";
import type { Device } from "./device.ts";
import { ClientError } from "./errors.ts";
import type { ChatRecord } from "./keyring.ts";
import { mergeKeys, requireSameChat, unlock, unwrapAll } from "./unlock.ts";

export interface EnterOptions {
  /** Null or empty to try without. */
  readonly password?: string | null;
  /** The name to write under. */
  readonly name?: string;
  readonly signal?: AbortSignal;
}

/** What the server showed, and what this device keeps of it. */
export interface Entered {
  readonly opened: OpenedChat;
  readonly record: ChatRecord;
  /** What this device had seen before it asked: meanwhile another of its windows may have seen more. */
  readonly seen: Position | null;
}

/** Opens a chat by a link for the first time, or with the password once more. @throws ClientError as `ShareClient.open` */
export async function enterByLink(
  device: Device,
  request: { chat: ChatId; linkKey: Bytes; known: ChatRecord | null; around: MessageId | null; options: EnterOptions },
): Promise<Entered> {
  const { chat, linkKey, known, around, options } = request;
  const { link } = await identifyLink({ linkKey, subject: chat });
  const { opened, as, counted } = await openByLink(device, { chat, linkKey, around, signal: options.signal });
  const { wrapKey, keys, ownerKey } = await unlock({ opened, link, linkKey, password: options.password });
  const mode = opened.linkMode ?? "read-only";
  const mate = known?.mate ?? (await device.mateKey());
  const record = await device.keyring.updateChat(chat, (now) => ({
    chat,
    title: now?.title ?? "",
    owner: false,
    ownerKey,
    mate: now?.mate ?? mate,
    openedAt: Date.now(),
    cameBy: { link, linkKey, wrapKey, mode, named: as.session !== undefined },
    keys: mergeKeys(now?.keys ?? [], keys),
    made: now?.made ?? [],
    seen: now?.seen ?? null,
    name: options.name ?? now?.name ?? null,
    ...(now?.successions ? { successions: now.successions } : {}),
    ...(now?.inheriting ? { inheriting: now.inheriting } : {}),
  }));
  // The view counts for the owner's list; the reader needs not wait for it, nor fail with it.
  if (!counted) device.api.countView(chat, as).catch(() => undefined);
  return { opened, record, seen: known?.seen ?? null };
}

/** Opens a chat that this device holds keys for. @throws ClientError `no_key`, `not_found`, `unreachable` */
export async function enterAgain(
  device: Device,
  { chat, around, options }: { chat: ChatId; around: MessageId | null; options: EnterOptions },
): Promise<Entered> {
  const stored = await device.keyring.requireChat(chat);
  const as = await device.credentials(stored);
  const opened = await device.api.open(chat, { around, as, signal: options.signal });
  requireSameChat(opened, chat);
  const keys = await newKeys(stored, opened);
  const record = await device.keyring.updateChat(chat, (now) => {
    const base = now ?? stored;
    return { ...base, openedAt: Date.now(), keys: mergeKeys(base.keys, keys), name: options.name ?? base.name };
  });
  return { opened, record, seen: stored.seen };
}

/** Keys of epochs that came since the chat was opened last. @throws ClientError `wrong_sender` */
export async function newKeys(record: ChatRecord, opened: ChatKeys): Promise<ChatRecord["keys"]> {
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

interface Asked {
  readonly around: MessageId | null;
  readonly signal: AbortSignal | undefined;
}

/** Nobody is told who opens a link, unless nothing is found without: it may be for one person. */
async function openByLink(device: Device, options: Asked & { chat: ChatId; linkKey: Bytes }): Promise<Opened> {
  const { chat, linkKey, ...rest } = options;
  const link = await device.bearer({ chat, linkKey });
  try {
    return await openCounted(device, { chat, as: { link }, ...rest });
  } catch (error) {
    const session = await device.keyring.session();
    if (!(error instanceof ClientError) || error.code !== "not_found" || !session) throw error;
    return openCounted(device, { chat, as: { link, session }, ...rest });
  }
}

interface Opened {
  readonly opened: OpenedChat;
  readonly as: Credentials;
  readonly counted: boolean;
}

async function openCounted(device: Device, request: Asked & { chat: ChatId; as: Credentials }): Promise<Opened> {
  const { chat, as, around, signal } = request;
  const open = async (counted: boolean) => {
    const opened = await device.api.open(chat, { around, as, signal });
    requireSameChat(opened, chat);
    return { opened, as, counted };
  };
  try {
    return await open(false);
  } catch (error) {
    if (!(error instanceof ClientError) || error.code !== "view_required") throw error;
    await device.api.countView(chat, as);
    return open(true);
  }
}
