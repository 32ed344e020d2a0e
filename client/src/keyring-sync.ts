import {
  createKeyringKey,
  deriveKeyringKey,
  type KeyringKey,
  keyringSalt,
  openKeyring,
  sealKeyring,
} from "@openmates-share/protocol/crypto";
import {
  type Bytes,
  type ChatId,
  type EmbedId,
  equalBytes,
  ownBytes,
  ProtocolError,
} from "@openmates-share/protocol/wire";
import * as v from "valibot";
import type { AccountApi } from "./account-api.ts";
import type { Credentials } from "./api.ts";
import { ClientError } from "./errors.ts";
import type { Keyring } from "./keyring.ts";
import {
  mergeKeyrings,
  packKeyring,
  readKeyring,
  syncStateSchema,
  takeKeyring,
  unpackKeyring,
} from "./keyring-merge.ts";
import { pack, unpack } from "./msgpack.ts";
import type { SecretStore } from "./secret-store.ts";

/** Whether this person's keys follow them. */
export type SyncState =
  /** Nothing is on the server. */
  | { readonly state: "off" }
  /** Another device has turned it on, or has changed the passphrase; this one needs to be told it. */
  | { readonly state: "locked" }
  | { readonly state: "on" };

/** Chats and embeds for which two devices hold different keys: each keeps its own. */
export interface SyncReport {
  readonly conflicts: readonly (ChatId | EmbedId)[];
}

/** Under this name the device keeps the key that the passphrase gave, so that nobody is asked again. */
const SYNC = "sync";
/** Two devices that write at once take turns; more than so often in a row is no coincidence. */
const TRIES = 6;

const WRONG_PASSPHRASE =
  "This passphrase does not open your synced keys. Check it, also for capital letters; nobody can reset it.";

/** Keeps the keyring of a person's devices alike, through a server that cannot open it (SPEC section 15). */
export class KeyringSync {
  readonly #api: AccountApi;
  readonly #keyring: Keyring;
  readonly #store: SecretStore;
  readonly #credentials: () => Promise<Credentials>;

  constructor(options: {
    api: AccountApi;
    keyring: Keyring;
    store: SecretStore;
    credentials: () => Promise<Credentials>;
  }) {
    this.#api = options.api;
    this.#keyring = options.keyring;
    this.#store = options.store;
    this.#credentials = options.credentials;
  }

  async state(): Promise<SyncState> {
    const { sealed } = await this.#fetch();
    if (!sealed) return { state: "off" };
    return (await this.#keyFor(sealed)) ? { state: "on" } : { state: "locked" };
  }

  /** The first device: seals what is here. @throws ClientError `conflict` when another device was first */
  async turnOn(passphrase: string): Promise<SyncReport> {
    const key = await createKeyringKey(requirePassphrase(passphrase));
    return this.#exclusively(async () => {
      const { version, sealed } = await this.#fetch();
      if (sealed) throw new ClientError("conflict", "Sync is on already, from another device. Enter its passphrase.");
      const body = packKeyring(await readKeyring(this.#keyring));
      await this.#put({ version, key, body });
      await this.#keep(key);
      return { conflicts: [] };
    });
  }

  /** A further device: opens what is there, and puts together what both have. @throws ClientError `unable_to_decrypt` (final) */
  async join(passphrase: string): Promise<SyncReport> {
    requirePassphrase(passphrase);
    return this.#exclusively(async () => {
      const { sealed } = await this.#fetch();
      if (!sealed) throw new ClientError("not_found", "Sync is off: there are no keys on the server.");
      const key = await deriveKeyringKey({ passphrase, salt: keyringSalt({ sealed, use: "synced" }) });
      await open({ key, sealed });
      await this.#keep(key);
      return this.#exchange();
    });
  }

  /**
   * Brings this device and the server to the same. Null when sync is not on here.
   * @throws ClientError `unreachable`, `too_large` and others
   */
  async sync(): Promise<SyncReport | null> {
    if (!(await this.#kept())) return null;
    return this.#exclusively(() => this.#exchange());
  }

  /** Other devices are asked for the new one. @throws ClientError `not_allowed` when sync is not on here */
  async changePassphrase(passphrase: string): Promise<SyncReport> {
    const key = await createKeyringKey(requirePassphrase(passphrase));
    return this.#exclusively(() => this.#exchange({ newKey: key }));
  }

  /** Takes the keys from the server; every device keeps its own. Needs no passphrase: also the way out of a lost one. */
  async turnOff(): Promise<void> {
    await this.#exclusively(async () => {
      await this.#api.deleteKeyring(await this.#credentials());
      await this.#store.delete(SYNC);
    });
  }

  /** Sync goes on without this device. */
  async leave(): Promise<void> {
    await this.#store.delete(SYNC);
  }

  async #exchange({ newKey }: { newKey?: KeyringKey } = {}): Promise<SyncReport> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await this.#exchangeOnce(newKey ?? null);
      } catch (error) {
        if (!(error instanceof ClientError) || error.code !== "conflict" || tries >= TRIES) throw error;
      }
    }
  }

  /** @throws ClientError `conflict` when another device wrote meanwhile, and others */
  async #exchangeOnce(newKey: KeyringKey | null): Promise<SyncReport> {
    const { version, sealed } = await this.#fetch();
    if (!sealed) {
      // Turned off on another device: this one keeps what it has and stops.
      await this.#store.delete(SYNC);
      throw new ClientError("not_allowed", "Sync was turned off on another device.");
    }
    const key = await this.#keyFor(sealed);
    if (!key)
      throw new ClientError("locked", "The passphrase was changed on another device. Please enter the new one.");
    const remote = await open({ key, sealed });
    const theirs = unpackKeyring(remote);
    const merged = mergeKeyrings(await readKeyring(this.#keyring), theirs);
    await takeKeyring(this.#keyring, merged);
    const refused = new Set<string>(merged.conflicts);
    // Read again, since merging may have changed it; of what contradicts, theirs goes back.
    const own = await readKeyring(this.#keyring);
    const chats = [
      ...own.chats.filter(({ chat }) => !refused.has(chat)),
      ...theirs.chats.filter(({ chat }) => refused.has(chat)),
    ];
    const embeds = [
      ...own.embeds.filter(({ embed }) => !refused.has(embed)),
      ...theirs.embeds.filter(({ embed }) => refused.has(embed)),
    ];
    const body = packKeyring({ ...own, chats, embeds });
    if (newKey || !equalBytes(body, remote)) await this.#put({ version, key: newKey ?? key, body });
    if (newKey) await this.#keep(newKey);
    return { conflicts: merged.conflicts };
  }

  async #put({ version, key, body }: { version: number; key: KeyringKey; body: Bytes }): Promise<void> {
    const sealed = await sealKeyring({ key, use: "synced", body });
    await this.#api.putKeyring({ version, sealed }, await this.#credentials());
  }

  async #fetch(): Promise<{ version: number; sealed: Bytes | null }> {
    const { version, sealed } = await this.#api.keyring(await this.#credentials());
    return { version, sealed: sealed && ownBytes(sealed) };
  }

  /** The key this device keeps, if it is of the passphrase that this was sealed under. */
  async #keyFor(sealed: Bytes): Promise<KeyringKey | null> {
    const key = await this.#kept();
    return key && equalBytes(key.salt, keyringSalt({ sealed, use: "synced" })) ? key : null;
  }

  async #kept(): Promise<KeyringKey | null> {
    const bytes = await this.#store.get(SYNC);
    return bytes && v.parse(syncStateSchema, unpack(bytes));
  }

  async #keep({ salt, raw }: KeyringKey): Promise<void> {
    await this.#store.set(SYNC, pack({ salt, raw }));
  }

  #exclusively<T>(work: () => Promise<T>): Promise<T> {
    return this.#keyring.exclusively(SYNC, work);
  }
}

/** @throws ClientError `unable_to_decrypt`: nothing else is tried (R3) */
async function open({ key, sealed }: { key: KeyringKey; sealed: Bytes }): Promise<Bytes> {
  try {
    return await openKeyring({ key, use: "synced", sealed });
  } catch (cause) {
    if (!(cause instanceof ProtocolError) || cause.code !== "wrong_key") throw cause;
    throw new ClientError("unable_to_decrypt", WRONG_PASSPHRASE, { cause });
  }
}

function requirePassphrase(passphrase: string): string {
  if (passphrase !== "") return passphrase;
  throw new ClientError("bad_request", "Please choose a passphrase.");
}
