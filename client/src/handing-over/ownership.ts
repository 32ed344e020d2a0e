import { followSuccessions, type Ownership } from "@openmates-share/protocol/crypto";
import { type Bytes, equalBytes, ProtocolError } from "@openmates-share/protocol/wire";
import type { Device } from "../device.ts";
import type { ChatRecord } from "../keyring.ts";

export interface SettledOwnership {
  readonly record: ChatRecord;
  /** Whose the chat has been, the founder first; the last one's it is. */
  readonly owners: readonly Ownership[];
}

/**
 * Whose a chat is, by what its owners signed and never by the server's word (SPEC H7, H8). What was verified is kept; a
 * device whose person has become the owner, or was it until now, keeps that with it.
 * @throws ProtocolError when what the server shows does not lead there
 */
export async function settleOwnership(
  device: Device,
  { record, told }: { record: ChatRecord; told: Bytes },
): Promise<SettledOwnership> {
  const { chat } = record;
  const successions = longerOf(record.successions ?? new Uint8Array(0), told);
  const owners = await followSuccessions({ chat, founder: record.ownerKey, successions });
  const { sender } = await device.keyring.identityOf(record);
  const owns = owners.at(-1)?.sender === sender;
  const settled =
    record.owner === owns && equalBytes(record.successions ?? new Uint8Array(0), successions)
      ? record
      : await device.keyring.updateChat(chat, (now) => {
          const base = now ?? record;
          return { ...base, successions, ...(owns ? inherited(base) : ceded(base)) };
        });
  return { record: settled, owners };
}

/** Whose a chat has been, the founder first, by what this device has verified. */
export async function ownersOf({ chat, ownerKey, successions }: ChatRecord): Promise<readonly Ownership[]> {
  return followSuccessions({ chat, founder: ownerKey, successions: successions ?? new Uint8Array(0) });
}

/** A server may keep some back, but not show others. @throws ProtocolError `wrong_sender` */
function longerOf(known: Bytes, told: Bytes): Bytes {
  const [shorter, longer] = known.length > told.length ? [told, known] : [known, told];
  if (equalBytes(shorter, longer.subarray(0, shorter.length))) return longer;
  throw new ProtocolError("wrong_sender", "The server names another owner of this chat than its owners have signed.");
}

/** An owner goes by the session, and holds the links' keys: those that were handed over, and the own one. */
function inherited(record: ChatRecord): Partial<ChatRecord> {
  if (record.owner) return {};
  const { cameBy, inheriting } = record;
  const own = cameBy ? [{ link: cameBy.link, linkKey: cameBy.linkKey, wrapKey: cameBy.wrapKey }] : [];
  const made = new Map([...own, ...(inheriting?.made ?? []), ...record.made].map((held) => [held.link, held]));
  return { owner: true, cameBy: null, made: [...made.values()], inheriting: null };
}

/** Who was the owner stays as a member, by the link that was made for that. */
function ceded(record: ChatRecord): Partial<ChatRecord> {
  if (!record.owner) return {};
  const { made, offered } = record;
  const held = made.find(({ link }) => link === offered?.link);
  const cameBy = held ? { ...held, mode: "collaborative" as const, named: false } : null;
  return { owner: false, cameBy, made: [], offered: null, update: null, pending: null };
}
