import {
  acceptOffer,
  type Identity,
  makeOffer,
  openBequest,
  openMessage,
  readOffer,
  sealBequest,
  sealTranscript,
} from "@openmates-share/protocol/crypto";
import {
  type Bytes,
  type ChatId,
  equalBytes,
  fromBase64url,
  type PendingOffer,
  parseEnvelope,
  parseTombstone,
  type SenderId,
  type StoredMessage,
  toBase64url,
} from "@openmates-share/protocol/wire";
import * as v from "valibot";
import type { Device } from "../device.ts";
import { ClientError } from "../errors.ts";
import { type ChatRecord, chatKeysOf, heldLinkSchema, newestChatKey } from "../keyring.ts";
import { pack, unpack } from "../msgpack.ts";
import type { OwnedChats } from "../owned-chats.ts";
import { OwnerApi } from "../owner-api.ts";
import type { Room } from "../room.ts";
import { settleOwnership } from "./ownership.ts";

/** A chat that may be another's. */
export interface OfferedChat {
  readonly to: SenderId;
  /** Milliseconds since 1970, by the owner's clock. */
  readonly time: number;
}

/** What goes to the next owner, beside what a member has (SPEC H9). */
const bequestSchema = v.object({ version: v.literal(1), made: v.array(heldLinkSchema) });

/** What the former owner's link is called in the list of links. */
const LABEL = "The former owner’s own link";

export interface HandingOverSetup {
  readonly device: Device;
  readonly owned: OwnedChats;
  /** Has all of a chat checked, and works with it open. @throws ClientError when it is not as it was */
  readonly withVerified: <T>(chat: ChatId, work: (room: Room) => Promise<T>) => Promise<T>;
}

/** Gives a chat to somebody who writes in it: offered by its owner, accepted by the other (SPEC section 19). */
export class HandingOver {
  readonly #device: Device;
  readonly #owned: OwnedChats;
  readonly #withVerified: HandingOverSetup["withVerified"];

  constructor({ device, owned, withVerified }: HandingOverSetup) {
    this.#device = device;
    this.#owned = owned;
    this.#withVerified = withVerified;
  }

  /**
   * Offers a chat of one's own to a member; an offer before is withdrawn. One stays in the chat as a member afterwards.
   * @throws ClientError `not_allowed` for somebody who has not said anything yet; `conflict`, `unreachable` and other codes
   */
  async offer(chat: ChatId, to: SenderId): Promise<void> {
    const before = await this.#device.requireOwned(chat);
    const theirKey = await this.#keyOf(before, to);
    const at = await this.#withVerified(chat, async (room) => room.verifiedEnd);
    await this.withdraw(chat);
    const { link } = await this.#owned.createLink(chat, { mode: "collaborative", label: LABEL });
    // Kept first: should it be accepted while this device is away, that link is how it goes on.
    await this.#device.changeRecord(chat, (now) => ({ ...now, offered: { to, link } }));
    const record = await this.#device.requireOwned(chat);
    const owner = await this.#device.keyring.identityOf(record);
    const offer = await makeOffer({ chat, owner, to: theirKey, at, time: Date.now() });
    const body = pack({ version: 1, made: record.made });
    const bequest = await sealBequest({ offer, to: theirKey, body });
    const sent = { to, link, offer: toBase64url(offer), bequest: toBase64url(bequest) };
    try {
      await new OwnerApi(this.#device.api).offerChat(chat, { offer: sent, as: await this.#device.owner() });
    } catch (error) {
      if (!(error instanceof ClientError) || !error.retryable) await this.#takeBack(chat);
      throw error;
    }
  }

  /** Takes an offer of one's own back; without one nothing happens. */
  async withdraw(chat: ChatId): Promise<void> {
    const record = await this.#device.requireOwned(chat);
    if (!record.offered) return;
    await new OwnerApi(this.#device.api).withdrawOffer(chat, await this.#device.owner());
    await this.#takeBack(chat);
  }

  /** What is offered in a chat, to whoever this is or by them; null when nothing is. @throws ProtocolError for a forged one */
  async pending(chat: ChatId): Promise<OfferedChat | null> {
    const pending = await new OwnerApi(this.#device.api).pendingOffer(chat, await this.#device.owner());
    if (!pending) return null;
    const { time } = await readOffer(chat, offerBytes(pending));
    return { to: pending.to, time };
  }

  /** For who was offered it. */
  async decline(chat: ChatId): Promise<void> {
    await new OwnerApi(this.#device.api).withdrawOffer(chat, await this.#device.owner());
  }

  /**
   * Makes the chat one's own, with everything that its owner holds. From then on the rooms of it have to be opened again.
   * @throws ClientError `conflict` for an offer that was withdrawn, or when the chat was updated meanwhile; ProtocolError
   */
  async accept(chat: ChatId): Promise<void> {
    const pending = await new OwnerApi(this.#device.api).pendingOffer(chat, await this.#device.owner());
    if (!pending) throw withdrawn();
    const offer = offerBytes(pending);
    const { record, owners } = await settleOwnership(this.#device, {
      record: await this.#device.keyring.requireChat(chat),
      told: new Uint8Array(0),
    });
    const heir = await this.#device.keyring.identityOf(record);
    const { from, to } = await readOffer(chat, offer);
    const owner = owners.at(-1);
    if (!owner || !equalBytes(from, owner.key) || !equalBytes(to, heir.publicKey)) {
      throw new ClientError("wrong_sender", "This offer is not from the chat’s owner to you. It was not accepted.");
    }
    const made = await this.#open(heir, { offer, bequest: pending.bequest });
    // Kept first: after a crash in between the chat is one's own, with everything that belongs to it.
    await this.#device.changeRecord(chat, (now) => ({ ...now, inheriting: { made } }));
    const succession = await this.#withVerified(chat, (room) => this.#send(room, { record, offer, heir }));
    const before = record.successions ?? new Uint8Array(0);
    const told = new Uint8Array([...before, ...succession]);
    await settleOwnership(this.#device, { record: await this.#device.keyring.requireChat(chat), told });
  }

  async #send(
    room: Room,
    { record, offer, heir }: { record: ChatRecord; offer: Bytes; heir: Identity },
  ): Promise<Bytes> {
    const { chat } = record;
    const { sealed, verifiedEnd: at } = room;
    const succession = await acceptOffer({ chat, offer, heir, at, time: Date.now() });
    const chatKey = await newestChatKey(await this.#device.keyring.requireChat(chat));
    const seal = sealed && (await sealTranscript({ chatKey, owner: heir, seal: sealed.seal }));
    const digest = sealed && new Uint8Array(await globalThis.crypto.subtle.digest("SHA-256", sealed.bytes));
    const accept = {
      succession: toBase64url(succession),
      seal: seal && toBase64url(seal),
      replaces: digest && toBase64url(digest),
    };
    await new OwnerApi(this.#device.api).acceptOffer(chat, { accept, as: await this.#device.owner() });
    return succession;
  }

  async #open(heir: Identity, { offer, bequest }: { offer: Bytes; bequest: string }): Promise<ChatRecord["made"]> {
    const identities = await this.#device.keyring.identities();
    const mine = identities.find(({ publicKey }) => equalBytes(publicKey, heir.publicKey));
    if (!mine) throw new ClientError("no_key", "This chat is written in as somebody whose key is on another device.");
    const body = await openBequest({ offer, mine, sealed: fromBase64url(bequest) ?? new Uint8Array(0) });
    const parsed = v.safeParse(bequestSchema, unpack(body));
    if (parsed.success) return parsed.output.made;
    throw new ClientError("malformed", "What was handed over with this chat cannot be read.");
  }

  /** From something they have signed: who they are is told by nothing else. */
  async #keyOf(record: ChatRecord, sender: SenderId): Promise<Bytes> {
    const { chat } = record;
    const as = await this.#device.owner();
    const { api } = this.#device;
    const keys = await chatKeysOf(record);
    // Who joined has said so in an amendment; who was the owner before has written messages.
    for (const pages of [
      (after: number) => api.amendments(chat, { after, as }),
      (after: number) => api.messages(chat, { after, as }),
    ]) {
      const said = await firstBy(sender, async (after) => (await pages(after)).messages);
      const chatKey = said && keys.find((key) => key.epoch === parseEnvelope(said.envelope).epoch);
      if (chatKey) return (await openMessage({ chatKey, message: said.id, ...said })).publicKey;
    }
    throw new ClientError("not_allowed", "This person has not said anything here yet.");
  }

  /** Nobody else has that link's key: it ends without a new epoch. */
  async #takeBack(chat: ChatId): Promise<void> {
    const { offered } = await this.#device.requireOwned(chat);
    if (!offered) return;
    await new OwnerApi(this.#device.api).revokeLink(chat, { link: offered.link, as: await this.#device.owner() });
    await this.#device.changeRecord(chat, (now) => ({
      ...now,
      offered: null,
      made: now.made.filter(({ link }) => link !== offered.link),
    }));
  }
}

/** The first message of somebody's that still says something. */
async function firstBy(
  sender: SenderId,
  pages: (after: number) => Promise<readonly StoredMessage[]>,
): Promise<StoredMessage | null> {
  for (let page = await pages(0); ; ) {
    const said = page.find((message) => message.sender === sender && !parseTombstone(message.envelope));
    const last = page.at(-1);
    if (said || !last) return said ?? null;
    page = await pages(last.seq);
  }
}

function offerBytes({ offer }: PendingOffer): Bytes {
  return fromBase64url(offer) ?? new Uint8Array(0);
}

function withdrawn(): ClientError {
  return new ClientError("conflict", "This offer was withdrawn.");
}
