import {
  type ChatKey,
  checkNoRollback,
  createChatKey,
  loadChatKey,
  openSeal,
  sealTranscript,
  wrapChatKey,
} from "@openmates-share/protocol/crypto";
import { loadWrapKey } from "@openmates-share/protocol/link";
import {
  type Bytes,
  type ChatId,
  type EpochState,
  fromBase64url,
  type LinkId,
  type LinkSummary,
  parseEnvelope,
  ROTATION_LENGTH,
  type SenderId,
  toBase64url,
} from "@openmates-share/protocol/wire";
import type { Device } from "./device.ts";
import { ClientError, KeylessLinksError } from "./errors.ts";
import { type ChatRecord, chatKeysOf, newestChatKey } from "./keyring.ts";
import { OwnerApi } from "./owner-api.ts";
import { mergeKeys, unwrapAll } from "./unlock.ts";

/** What ends with the epoch. */
export interface TakenAway {
  readonly links: readonly LinkId[];
  readonly people: readonly SenderId[];
}

export interface TakeAway {
  /** Asked again whenever somebody else was first; what is gone already is passed over. */
  readonly what: (state: EpochState) => TakenAway;
  /** Live links whose keys this device lacks, that may end too: they can't be given the new key from here. */
  readonly alsoRevoke: readonly LinkId[];
}

/** Every round somebody else has rotated meanwhile: so many people do not do that at once. */
const ROUNDS = 10;

/**
 * Takes access away and begins a new epoch: a new key, wrapped for every link that stays, in one request. The new key is
 * kept on the device before it is sent, so that a crash in between loses nothing.
 * @throws KeylessLinksError before anything has changed; ClientError
 */
export async function takeAway(device: Device, chat: ChatId, options: TakeAway): Promise<void> {
  await device.requireOwned(chat);
  await device.keyring.exclusively(turnOf(chat), async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const state = await new OwnerApi(device.api).epoch(chat, await device.owner());
      const record = await settle(device, { chat, state });
      const gone = stillThere(state, options.what(state));
      if (gone.links.length === 0 && gone.people.length === 0) return;
      if (await rotate(device, { record, state, gone, alsoRevoke: options.alsoRevoke })) return;
    }
    throw new ClientError("unavailable", "Access to this chat is changed on other devices at the same time.", {
      retryable: true,
    });
  });
}

/** Brings the owner's device up to the chat's epoch, after a crash or a rotation on another device. @throws ClientError `no_key` */
export async function catchUp(device: Device, chat: ChatId): Promise<ChatKey[]> {
  const record = await device.keyring.exclusively(turnOf(chat), async () =>
    settle(device, { chat, state: await new OwnerApi(device.api).epoch(chat, await device.owner()) }),
  );
  return chatKeysOf(record);
}

const turnOf = (chat: ChatId) => `epoch/${chat}`;

function stillThere(state: EpochState, { links, people }: TakenAway): TakenAway {
  return {
    links: links.filter((link) => state.links.some((live) => live.link === link)),
    people: people.filter((sender) => state.members.some((member) => member.sender === sender)),
  };
}

/** Makes of the key that was kept what the server says became of it, and fetches what another device made. */
async function settle(device: Device, { chat, state }: { chat: ChatId; state: EpochState }): Promise<ChatRecord> {
  let record = await device.requireOwned(chat);
  const { pending } = record;
  if (pending && state.epoch === pending.epoch && state.rotation === toBase64url(pending.rotation)) {
    const mine = [{ epoch: pending.epoch, raw: pending.raw }];
    record = await device.keyring.updateChat(chat, (now) => ({
      ...(now ?? record),
      keys: mergeKeys((now ?? record).keys, mine),
      pending: null,
    }));
  }
  if ((record.keys.at(-1)?.epoch ?? 0) >= state.epoch) return record;
  const keys = await keysByLink(device, record);
  if (!keys.some(({ epoch }) => epoch === state.epoch)) {
    const sentence = "This chat got a new key on another device of yours. Please sync this device, or open it there.";
    throw new ClientError("no_key", sentence);
  }
  return device.keyring.updateChat(chat, (now) => ({
    ...(now ?? record),
    keys: mergeKeys(keys, (now ?? record).keys),
    pending: null,
  }));
}

/** Any link that this device made carries the keys of all epochs. */
async function keysByLink(device: Device, record: ChatRecord): Promise<ChatRecord["keys"]> {
  const { chat, made } = record;
  for (const { link, linkKey, wrapKey } of made) {
    const as = { ...(await device.owner()), link: await device.bearer({ chat, linkKey }) };
    const { wrappedKeys } = await device.api.keys(chat, as);
    if (wrappedKeys.length === 0) continue;
    return (await unwrapAll({ wrapped: wrappedKeys, chat, link, wrapKey })).keys;
  }
  return [];
}

interface Round {
  readonly record: ChatRecord;
  readonly state: EpochState;
  readonly gone: TakenAway;
  readonly alsoRevoke: readonly LinkId[];
}

/** False when somebody else was first, and it has to be looked at again. */
async function rotate(device: Device, round: Round): Promise<boolean> {
  const { record, state, gone } = round;
  const { chat } = record;
  const { staying, revoke } = linksAfter(round);
  const { chatKey, rotation } = await keepNewKey(device, record, state.epoch + 1);
  const made = new Map(record.made.map((held) => [held.link, held]));
  const wrappedKeys = await Promise.all(
    staying.map(async ({ link }) => {
      const { key: wrapKey } = await loadWrapKey(made.get(link)?.wrapKey ?? new Uint8Array(0));
      return { link, key: toBase64url(await wrapChatKey({ chatKey, owner: record.ownerKey, link, wrapKey })) };
    }),
  );
  const seal = state.seal && (await sealAgain(device, { record, sealed: state.seal, chatKey }));
  try {
    const rotate = {
      epoch: chatKey.epoch,
      rotation: toBase64url(rotation),
      wrappedKeys,
      seal: seal && toBase64url(seal),
      revoke: [...revoke],
      remove: [...gone.people],
    };
    await new OwnerApi(device.api).rotate(chat, { rotate, as: await device.owner() });
  } catch (error) {
    if (error instanceof ClientError && (error.code === "stale_epoch" || error.code === "conflict")) return false;
    throw error;
  }
  const ended = new Set(revoke);
  await device.changeRecord(chat, (now) => ({
    ...now,
    keys: mergeKeys(now.keys, [{ epoch: chatKey.epoch, raw: chatKey.raw }]),
    pending: null,
    made: now.made.filter(({ link }) => !ended.has(link)),
  }));
  return true;
}

/** @throws KeylessLinksError when people would lose a link that the owner did not name */
function linksAfter({ record, state, gone, alsoRevoke }: Round): {
  staying: readonly LinkSummary[];
  revoke: readonly LinkId[];
} {
  const held = new Set(record.made.map(({ link }) => link));
  const rest = state.links.filter(({ link }) => !gone.links.includes(link));
  const keyless = rest.filter(({ link }) => !held.has(link));
  // A link that has expired opens nothing: without its key it ends for good, and nobody has to be asked.
  const asked = keyless.filter((link) => !hasExpired(link, state.now) && !alsoRevoke.includes(link.link));
  if (asked.length > 0) throw new KeylessLinksError(asked.map(({ link }) => link));
  return {
    staying: rest.filter(({ link }) => held.has(link)),
    revoke: [...gone.links, ...keyless.map(({ link }) => link)],
  };
}

/** By the server's clock, which ends links: the owner's may be wrong by days. */
function hasExpired({ expiresAt }: LinkSummary, now: number): boolean {
  return expiresAt !== null && expiresAt <= now;
}

/** The same key again after a request whose end is not known: if that one did arrive, it is the key that holds. */
async function keepNewKey(
  device: Device,
  record: ChatRecord,
  epoch: number,
): Promise<{ chatKey: ChatKey; rotation: Bytes }> {
  const { chat, pending } = record;
  if (pending?.epoch === epoch) {
    return { chatKey: await loadChatKey({ chat, epoch, raw: pending.raw }), rotation: pending.rotation };
  }
  const chatKey = await createChatKey(chat, epoch);
  const rotation = globalThis.crypto.getRandomValues(new Uint8Array(ROTATION_LENGTH));
  await device.changeRecord(chat, (now) => ({ ...now, pending: { epoch, raw: chatKey.raw, rotation } }));
  return { chatKey, rotation };
}

/** Whose seal counts: who made the chat, or whom it was handed to (SPEC H7). */
async function ownerOf(device: Device, record: ChatRecord): Promise<{ readonly key: Bytes }> {
  if (!record.successions?.length) return { key: record.ownerKey };
  return { key: (await device.keyring.identityOf(record)).publicKey };
}

/** The same end, title and time under the new key: nothing about what is shared has changed. */
async function sealAgain(
  device: Device,
  { record, sealed, chatKey }: { record: ChatRecord; sealed: string; chatKey: ChatKey },
): Promise<Bytes> {
  const bytes = fromBase64url(sealed) ?? new Uint8Array(0);
  const { epoch } = parseEnvelope(bytes);
  const under = (await chatKeysOf(record)).find((key) => key.epoch === epoch) ?? (await newestChatKey(record));
  const seal = await openSeal({ chatKey: under, owner: (await ownerOf(device, record)).key, sealed: bytes });
  // An old seal that the server brings back must not get a new signature.
  if (record.sealed) checkNoRollback(record.sealed, seal);
  return sealTranscript({ chatKey, owner: await device.keyring.identityOf(record), seal });
}
