import type { MessageContent } from "@openmates-share/protocol/content";
import { type ChatKey, openMessage } from "@openmates-share/protocol/crypto";
import {
  type Ancestor,
  type Copy,
  LINEAGE,
  type Lineage,
  ORIGIN,
  parseCopy,
  parseLineage,
  parseOrigin,
  proofOfMessage,
  proofOfSeal,
} from "@openmates-share/protocol/fork";
import {
  type Bytes,
  type ChatId,
  LIMITS,
  parseEnvelope,
  SPINE_ENTRY_LENGTH,
  type StoredMessage,
} from "@openmates-share/protocol/wire";
import type { Credentials } from "../api.ts";
import type { Device } from "../device.ts";
import { ClientError } from "../errors.ts";
import { chatKeysOf } from "../keyring.ts";
import type { Room } from "../room.ts";
import type { Taken } from "./fork-plan.ts";

/** A chat that is read to be forked, with what its server hands out of it. */
export class ForkSource {
  readonly chat: ChatId;
  readonly #device: Device;
  readonly #room: Room;
  readonly #keys: ReadonlyMap<number, ChatKey>;
  readonly #amendments: ReadonlyMap<number, StoredMessage>;

  private constructor(setup: {
    device: Device;
    room: Room;
    keys: readonly ChatKey[];
    amendments: readonly StoredMessage[];
  }) {
    this.chat = setup.room.chat;
    this.#device = setup.device;
    this.#room = setup.room;
    this.#keys = new Map(setup.keys.map((key) => [key.epoch, key]));
    this.#amendments = new Map(setup.amendments.map((message) => [message.seq, message]));
  }

  /** @throws ClientError `not_found`, `unreachable` and other codes */
  static async open(device: Device, room: Room): Promise<ForkSource> {
    const amendments: StoredMessage[] = [];
    const as = await credentialsOf(device, room.chat);
    for (let after = 0; ; after = amendments.at(-1)?.seq ?? 0) {
      const page = await device.api.amendments(room.chat, { after, as });
      if (page.messages.length === 0) break;
      amendments.push(...page.messages);
    }
    // The room has the keys of every epoch by now: they are kept as they come.
    const keys = await chatKeysOf(await device.keyring.requireChat(room.chat));
    return new ForkSource({ device, room, keys, amendments });
  }

  credentials(): Promise<Credentials> {
    return credentialsOf(this.#device, this.chat);
  }

  /** What proves a message that is taken over; its files still are the source's. @throws ProtocolError */
  async copyOf({ message, stored, again }: Taken): Promise<Omit<Copy, "embeds">> {
    const { body, edited } = message;
    const content = body.type === "content" && body.content.type === "message" ? body.content : null;
    const withheld = content?.withheld ?? false;
    if (again) return { ...(await this.#copied(stored)), withheld };
    const signed = edited ? this.#amendment(edited.seq) : stored;
    const proof = await proofOfMessage({ chatKey: this.#keyOf(signed), message: signed.id, ...signed });
    const said = edited && content ? saidOf(content) : null;
    return { chat: this.chat, id: signed.id, proof, said, withheld };
  }

  /** The copy that a message of a fork is. */
  async #copied(stored: StoredMessage): Promise<Copy> {
    const { content } = await openMessage({ chatKey: this.#keyOf(stored), message: stored.id, ...stored });
    if (content.type !== "unknown") throw strange();
    return parseCopy(content.json);
  }

  /** The files of a copy in the source, as they were proved when they were copied into it. */
  async embedsOf(stored: StoredMessage): Promise<Copy["embeds"]> {
    return (await this.#copied(stored)).embeds;
  }

  /** What this chat came from itself, and it as the last one, with the spines that prove it. */
  async ancestors(through: number): Promise<{ chats: readonly Ancestor[]; lineages: readonly Lineage[] }> {
    const { sealed } = this.#room;
    if (!sealed) throw new ClientError("not_allowed", "This chat is not shared yet.");
    const before = await this.#ownAncestors();
    if (before.chats.length >= LIMITS.ancestors) {
      throw new ClientError("too_large", `This was forked ${LIMITS.ancestors} times one after the other: no further.`);
    }
    const chatKey = this.#keyOfEpoch(parseEnvelope(sealed.bytes).epoch);
    const seal = await proofOfSeal({ chatKey, owner: this.#room.ownerKey, sealed: sealed.bytes });
    const length = Math.max(sealed.seal.seq, through);
    const lineages = await this.#lineages({ index: before.chats.length, length });
    return {
      chats: [...before.chats, { chat: this.chat, length, seal }],
      lineages: [...before.lineages, ...lineages],
    };
  }

  async #ownAncestors(): Promise<{ chats: readonly Ancestor[]; lineages: readonly Lineage[] }> {
    if (this.#room.state.ancestry?.state !== "proven") return { chats: [], lineages: [] };
    const { chats } = parseOrigin(await this.#fields(1, ORIGIN));
    const lineages: Lineage[] = [];
    for (let seq = 2; seq < this.#room.state.ancestry.first; seq++) {
      lineages.push(parseLineage(await this.#fields(seq, LINEAGE)));
    }
    return { chats, lineages };
  }

  async #fields(seq: number, named: string): Promise<unknown> {
    const stored = this.#amendment(seq);
    const { content } = await openMessage({ chatKey: this.#keyOf(stored), message: stored.id, ...stored });
    if (content.type !== "unknown" || content.named !== named) throw strange();
    return content.json;
  }

  async #lineages({ index, length }: { index: number; length: number }): Promise<Lineage[]> {
    const lineages: Lineage[] = [];
    let rest: Bytes = new Uint8Array(0);
    for (let from = 1; from <= length; ) {
      if (rest.length === 0) {
        const as = await this.credentials();
        rest = (await this.#device.api.spine(this.chat, { after: from - 1, as })).entries;
        if (rest.length === 0) throw strange();
      }
      const count = Math.min(rest.length / SPINE_ENTRY_LENGTH, LIMITS.lineageEntries, length - from + 1);
      lineages.push({ chat: index, from, entries: rest.slice(0, count * SPINE_ENTRY_LENGTH) });
      rest = rest.slice(count * SPINE_ENTRY_LENGTH);
      from += count;
    }
    return lineages;
  }

  #amendment(seq: number): StoredMessage {
    return this.#amendments.get(seq) ?? missing();
  }

  #keyOf({ envelope }: StoredMessage): ChatKey {
    return this.#keyOfEpoch(parseEnvelope(envelope).epoch);
  }

  #keyOfEpoch(epoch: number): ChatKey {
    return this.#keys.get(epoch) ?? missing();
  }
}

/** What an edit doesn't sign. */
function saidOf({ role, name, time, model, replyTo }: MessageContent): Copy["said"] {
  return { role, name, time, model, replyTo };
}

async function credentialsOf(device: Device, chat: ChatId): Promise<Credentials> {
  return device.credentials(await device.keyring.requireChat(chat));
}

function missing(): never {
  throw strange();
}

function strange(): ClientError {
  return new ClientError("head_mismatch", "The server does not give out what it has shown of this chat.");
}
