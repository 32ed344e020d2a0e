import { type ChatKey, openLinkLabel, unwrapChatKey } from "@openmates-share/protocol/crypto";
import { deriveWrapKey, loadWrapKey } from "@openmates-share/protocol/link";
import {
  type Bytes,
  CHAT_NOT_FOUND,
  type ChatId,
  equalBytes,
  fromBase64url,
  type LinkId,
  type OpenedChat,
  ProtocolError,
  parseEnvelope,
  type WrappedKey,
} from "@openmates-share/protocol/wire";
import { ClientError, UNABLE_TO_DECRYPT } from "./errors.ts";
import type { ChatRecord } from "./keyring.ts";

interface Unlocked {
  readonly keys: ChatRecord["keys"];
  /** Ed25519 of the owner. */
  readonly ownerKey: Bytes;
}

/**
 * The keys that a link hands out. @throws ClientError `locked` without a password, `unable_to_decrypt` with one; nothing
 * else is tried (R3)
 */
export async function unlock(options: {
  opened: OpenedChat;
  link: LinkId;
  linkKey: Bytes;
  password: string | null | undefined;
}): Promise<Unlocked & { readonly wrapKey: Bytes }> {
  const { opened, link, linkKey, password } = options;
  const wrapKey = await deriveWrapKey({ linkKey, subject: opened.chat, password: password ?? null });
  try {
    const unlocked = await unwrapAll({ wrapped: opened.wrappedKeys, chat: opened.chat, link, wrapKey: wrapKey.raw });
    return { ...unlocked, wrapKey: wrapKey.raw };
  } catch (cause) {
    if (!(cause instanceof ProtocolError) || cause.code !== "wrong_key") throw cause;
    if (password) throw new ClientError("unable_to_decrypt", UNABLE_TO_DECRYPT, { cause });
    throw new ClientError("locked", "This chat is protected by a password.", { cause });
  }
}

/** @throws ProtocolError `wrong_key`, `malformed` */
export async function unwrapAll(options: {
  wrapped: readonly WrappedKey[];
  chat: ChatId;
  link: LinkId;
  wrapKey: Bytes;
}): Promise<Unlocked> {
  const { wrapped, chat, link } = options;
  const { key: wrapKey } = await loadWrapKey(options.wrapKey);
  const unwrapped = await Promise.all(
    wrapped.map(({ epoch, key }) => unwrapChatKey({ wrapped: key, chat, link, epoch, wrapKey })),
  );
  const first = unwrapped[0];
  if (!first) throw new ProtocolError("wrong_epoch", "This link carries no key.");
  if (!unwrapped.every(({ owner }) => equalBytes(owner, first.owner))) {
    throw new ProtocolError("wrong_sender", "This link names more than one owner.");
  }
  return { keys: unwrapped.map(({ chatKey: { epoch, raw } }) => ({ epoch, raw })), ownerKey: first.owner };
}

/** By epoch; a key that is known stays (the keyring refuses another one for the same epoch). */
export function mergeKeys(known: ChatRecord["keys"], more: ChatRecord["keys"]): ChatRecord["keys"] {
  const merged = new Map([...known, ...more].map((key) => [key.epoch, key]));
  return [...merged.values()].sort((a, b) => a.epoch - b.epoch);
}

/** A label that does not open is left out: it is the owner's note, nothing depends on it. */
export async function readLabel(options: {
  /** Of all epochs. */
  keys: readonly ChatKey[];
  link: LinkId;
  sealed: string | null;
}): Promise<string | null> {
  const { keys, link } = options;
  const sealed = options.sealed ? fromBase64url(options.sealed) : null;
  if (!sealed) return null;
  try {
    const { epoch } = parseEnvelope(sealed);
    const chatKey = keys.find((key) => key.epoch === epoch);
    return chatKey ? await openLinkLabel({ chatKey, link, sealed }) : null;
  } catch {
    return null;
  }
}

/** @throws ClientError `not_found` when the server answers with another chat. */
export function requireSameChat(opened: OpenedChat, chat: ChatId): void {
  if (opened.chat !== chat) throw new ClientError("not_found", CHAT_NOT_FOUND);
}
