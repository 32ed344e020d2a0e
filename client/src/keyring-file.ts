import {
  createKeyringKey,
  deriveKeyringKey,
  keyringSalt,
  openKeyring,
  sealKeyring,
} from "@openmates-share/protocol/crypto";
import { type Bytes, ProtocolError } from "@openmates-share/protocol/wire";
import { ClientError } from "./errors.ts";
import type { Keyring } from "./keyring.ts";
import { mergeKeyrings, packKeyring, readKeyring, takeKeyring, unpackKeyring } from "./keyring-merge.ts";
import type { SyncReport } from "./keyring-sync.ts";

/** This device's keys as a file that only the passphrase opens. @throws ClientError `bad_request`, ProtocolError `too_large` */
export async function exportKeyring(keyring: Keyring, passphrase: string): Promise<Bytes> {
  if (passphrase === "") throw new ClientError("bad_request", "Please choose a passphrase.");
  const body = packKeyring(await readKeyring(keyring));
  return sealKeyring({ key: await createKeyringKey(passphrase), use: "file", body });
}

/**
 * Adds the keys of such a file to those that are here; none is replaced.
 * @returns how many chats came new, and those for which the file has other keys
 * @throws ClientError `unable_to_decrypt` for a wrong passphrase, `malformed` for another file
 */
export async function importKeyring(
  keyring: Keyring,
  { sealed, passphrase }: { sealed: Bytes; passphrase: string },
): Promise<SyncReport & { added: number }> {
  const theirs = unpackKeyring(await open(sealed, passphrase));
  const ours = await readKeyring(keyring);
  // What was forgotten here and is brought back by hand is wanted.
  const wanted = { ...ours, forgotten: [] };
  const merged = mergeKeyrings(wanted, { ...theirs, forgotten: [] });
  await takeKeyring(keyring, merged);
  const known = new Set(ours.chats.map(({ chat }) => chat));
  return { added: merged.body.chats.filter(({ chat }) => !known.has(chat)).length, conflicts: merged.conflicts };
}

async function open(sealed: Bytes, passphrase: string): Promise<Bytes> {
  try {
    const salt = keyringSalt({ sealed, use: "file" });
    return await openKeyring({ key: await deriveKeyringKey({ passphrase, salt }), use: "file", sealed });
  } catch (cause) {
    if (!(cause instanceof ProtocolError)) throw cause;
    if (cause.code === "wrong_key") {
      throw new ClientError("unable_to_decrypt", "This passphrase does not open the file. Please check it.", { cause });
    }
    throw new ClientError("malformed", "This file has no exported keys in it.", { cause });
  }
}
