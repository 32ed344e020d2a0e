import type { ChatKey } from "@openmates-share/protocol/crypto";
import {
  type ChatId,
  checkClaim,
  emptyTranscript,
  equalBytes,
  HEAD_LENGTH,
  KIND,
  type MessageId,
  type Position,
  ProtocolError,
  parseEnvelope,
  parseTombstone,
  type SenderId,
  SPINE_ENTRY_LENGTH,
  type Spine,
  type SpineEntry,
  type StoredMessage,
} from "@openmates-share/protocol/wire";
import { type Amended, Amendments, type Owner } from "./amendments.ts";
import { Chain } from "./chain.ts";
import { MessageCache } from "./message-cache.ts";
import type { MessageOpener } from "./opener.ts";
import { Reactions } from "./reactions.ts";
import type { MessageWindow, RoomMessage } from "./room-state.ts";
import { packEntries, unpackEntries } from "./spine-bytes.ts";

export interface TranscriptOptions {
  readonly chat: ChatId;
  readonly keys: readonly ChatKey[];
  /** From the key that came with the link, not from the server. */
  readonly owner: SenderId;
  /** Whose the chat has been, the last one's it is; left out for one that was never handed over. */
  readonly owners?: readonly Owner[];
  readonly opener: MessageOpener;
  /** Asks for the keys of epochs that began since; none that are known may change. */
  readonly moreKeys?: () => Promise<readonly ChatKey[]>;
}

/** Opened first: what one sees before anything else. */
const FIRST_BATCH = 10;
/** Messages opened at a time: enough to keep WebCrypto's threads busy, few enough to show something soon. */
const BATCH = 50;
/** Entries of the spine between two words on how far it is. */
const SPINE_BATCH = 2_000;

/** A message whose place in the chain is not known yet. */
interface Unplaced {
  readonly entry: SpineEntry;
  readonly message: Pick<RoomMessage, "seq" | "sender" | "body">;
}

interface TakeOptions {
  /** Whether they stay here to be seen; if not they are only checked and returned. */
  readonly keep: boolean;
  /** Called whenever some are open. */
  readonly changed?: () => void;
}

/**
 * The history of a chat, as far as it is verified: all of it as a chain of heads, and the messages that are here. What is
 * handed in is checked against the chain as soon as that reaches so far, and against what the writers claim to have seen;
 * the first contradiction is kept and never forgotten.
 */
export class Transcript {
  readonly chat: ChatId;
  readonly reactions = new Reactions();
  readonly opener: MessageOpener;
  readonly #keys: Map<number, ChatKey>;
  readonly #moreKeys: () => Promise<readonly ChatKey[]>;
  /** Epochs that were asked for in vain: a server that makes them up is asked once. */
  readonly #missing = new Set<number>();
  readonly #owners: readonly Owner[];
  readonly #chain: Chain;
  readonly #amendments: Amendments;
  readonly #cache: MessageCache;
  /** Erased messages that no redaction explains so far, by number. */
  readonly #erased = new Map<number, RoomMessage>();
  /** By number; emptied as the chain grows. */
  readonly #unplaced = new Map<number, Unplaced>();
  #violation: ProtocolError | null = null;

  private constructor({ chat, keys, owner, owners, opener, moreKeys }: TranscriptOptions, start: Position) {
    this.chat = chat;
    this.opener = opener;
    this.#moreKeys = moreKeys ?? (async () => []);
    this.#keys = new Map(keys.map((key) => [key.epoch, key]));
    this.#owners = owners ?? [{ sender: owner, since: null }];
    this.#amendments = new Amendments(this.#owners);
    this.#cache = new MessageCache((message) => this.#amendments.apply(message));
    this.#chain = new Chain(start);
  }

  static async create(options: TranscriptOptions): Promise<Transcript> {
    return new Transcript(options, await emptyTranscript(options.chat));
  }

  get violation(): ProtocolError | null {
    return this.#violation;
  }

  /** How far the chain is verified. */
  get end(): Position {
    return this.#chain.end;
  }

  /** The newest key, which new messages are written under. */
  get newestKey(): ChatKey {
    const newest = this.#keys.get(Math.max(...this.#keys.keys()));
    if (!newest) throw new ProtocolError("wrong_epoch", "There is no key for this chat.");
    return newest;
  }

  /** Has the key of that epoch fetched, if there is one and it is not here. @throws ClientError when it can't be asked for */
  async reach(epoch: number): Promise<void> {
    if (this.#keys.has(epoch) || this.#missing.has(epoch)) return;
    await this.renew();
    if (!this.#keys.has(epoch)) this.#missing.add(epoch);
  }

  /** Fetches what keys there are; true when a newer one came. */
  async renew(): Promise<boolean> {
    const newest = this.newestKey.epoch;
    const fresh = (await this.#moreKeys()).filter(({ epoch }) => !this.#keys.has(epoch));
    for (const key of fresh) this.#keys.set(key.epoch, key);
    if (fresh.length > 0) this.opener.addKeys(fresh);
    return this.newestKey.epoch > newest;
  }

  keyOf(epoch: number): ChatKey {
    const key = this.#keys.get(epoch);
    if (!key) throw new ProtocolError("wrong_epoch", "This was written under a key that this device doesn't have.");
    return key;
  }

  /** Null beyond the verified end. */
  positionAt(seq: number): Position | null {
    return this.#chain.positionAt(seq);
  }

  /** Null where neither the chain nor what is here has it. */
  seqOf(id: MessageId): number | null {
    return this.#chain.seqOf(id) ?? this.#cache.find(id)?.seq ?? null;
  }

  /** How many of the messages up to a number are no amendments. */
  messagesTo(seq: number): number {
    return this.#chain.messagesTo(seq);
  }

  /** What was said about which message: with the number of that one, null for one that the chain does not have. */
  *amended(): Iterable<Omit<Amended, "target"> & { readonly target: number | null }> {
    for (const said of [...this.#amendments.all(), ...this.reactions.all()]) {
      yield { ...said, target: this.#chain.seqOf(said.target) };
    }
  }

  /** Numbers of the amendments in the chain, in order. */
  get amendments(): readonly number[] {
    return this.#chain.amendments;
  }

  /** Numbers of messages that the server keeps back, with no word of theirs who may take them back. */
  get unexplained(): readonly number[] {
    for (const [seq, message] of this.#erased) if (this.#amendments.redactionOf(message)) this.#erased.delete(seq);
    return [...this.#erased.keys()];
  }

  /**
   * Gives up looking for a word on erased messages, after all amendments are here. False when the server lies: nobody but
   * the owner could have had one of them erased, who would have said so. A member can have their own erased without a word
   * (SPEC T90), so those stay as they are shown: kept back.
   */
  leaveUnexplained(seqs: readonly number[]): boolean {
    const owner = this.#owners.at(-1)?.sender;
    let possible = true;
    for (const seq of seqs) {
      const message = this.#erased.get(seq);
      if (!message) continue;
      if (message.sender === owner || this.#chain.kindAt(seq) !== KIND.content) possible = false;
      else this.#erased.delete(seq);
    }
    return possible;
  }

  /** Whether a message of that id is here, in its place. */
  holds(id: MessageId): boolean {
    const seq = this.#chain.seqOf(id);
    return seq !== null && this.#cache.has(seq);
  }

  has(seq: number): boolean {
    return this.#cache.has(seq);
  }

  at(seq: number): RoomMessage | undefined {
    return this.#cache.at(seq);
  }

  focus(from: number, to: number): void {
    this.#cache.focus(from, to);
  }

  window(through: number): MessageWindow {
    return this.#cache.window(through);
  }

  /** Keeps a contradiction found elsewhere (seal, rollback). */
  violate(error: ProtocolError): void {
    this.#violation ??= error;
  }

  /** Takes what the heads after the end are made of, up to `through`. */
  async follow(spine: Spine, { through, changed }: { through: number; changed: () => void }): Promise<void> {
    if (spine.after !== this.end.seq) return;
    const wanted = Math.max(through - spine.after, 0) * SPINE_ENTRY_LENGTH;
    const packed = spine.entries.subarray(0, wanted);
    for (let at = 0; at < packed.length; at += SPINE_BATCH * SPINE_ENTRY_LENGTH) {
      const batch = packed.slice(at, at + SPINE_BATCH * SPINE_ENTRY_LENGTH);
      const { end } = this;
      const heads = await this.opener.heads(end.head, batch);
      // Meanwhile a page may have gone on from the same place.
      if (this.end.seq !== end.seq) return;
      this.#extend(unpackEntries(batch), heads);
      changed();
    }
  }

  /**
   * Takes messages that follow one another, the first one behind `before`, wherever in the chat that is. Ends in front of
   * one that does not follow.
   */
  async take(
    messages: readonly StoredMessage[],
    before: Position,
    options: TakeOptions,
  ): Promise<readonly RoomMessage[]> {
    const taken: RoomMessage[] = [];
    let place = before;
    let size = FIRST_BATCH;
    for (let i = 0; i < messages.length; i += size, size = BATCH) {
      const batch = runFrom(place.seq, messages.slice(i, i + size));
      if (batch.length === 0) break;
      place = await this.#takeBatch(batch, place, { ...options, taken });
      options.changed?.();
    }
    return taken;
  }

  /** Takes messages from anywhere within the verified chain, and keeps none. */
  async check(messages: readonly StoredMessage[]): Promise<readonly RoomMessage[]> {
    const opened = await this.#open(messages);
    return messages.map((stored, i) => {
      const { digest, body } = opened[i] ?? nothingOpened();
      const { seq, id, sender, storedAt } = stored;
      const doubt = this.#place({ message: stored, body, digest });
      const message = { seq, id, sender, storedAt, edited: null, body, doubt };
      if (this.#amendsNothing(message)) return message;
      this.#amend(message);
      return message;
    });
  }

  /** The keys first: a message of a new epoch may come before the news of it. */
  async #open(messages: readonly StoredMessage[]): ReturnType<MessageOpener["open"]> {
    for (const epoch of new Set(messages.flatMap(epochsOf))) await this.reach(epoch);
    return this.opener.open(messages);
  }

  async #takeBatch(
    batch: readonly StoredMessage[],
    before: Position,
    { keep, taken }: TakeOptions & { taken: RoomMessage[] },
  ): Promise<Position> {
    const opened = await this.#open(batch);
    const entries = batch.map(({ id, envelope }, i) => ({ id, kind: envelope[1] ?? 0, ...digestOf(opened[i]) }));
    const known = this.#chain.positionAt(before.seq);
    if (known && !equalBytes(known.head, before.head)) this.violate(altered());
    const heads = await this.opener.heads((known ?? before).head, packEntries(entries));
    for (const [i, { head }] of batch.entries()) {
      if (!equalBytes(head, heads.subarray(i * HEAD_LENGTH, (i + 1) * HEAD_LENGTH))) this.violate(altered());
    }
    if (known && this.end.seq === before.seq) this.#extend(entries, heads);
    const placed = batch.map((message, i): RoomMessage => {
      const { digest, body } = opened[i] ?? nothingOpened();
      const { seq, id, sender, storedAt } = message;
      return { seq, id, sender, storedAt, edited: null, body, doubt: this.#place({ message, body, digest }) };
    });
    for (const room of placed) this.#amend(room);
    taken.push(...placed.map((room) => this.#amendments.apply(room)));
    this.#noteErased(placed, batch);
    if (keep) this.#keep(placed, batch);
    return { seq: before.seq + batch.length, head: heads.slice(-HEAD_LENGTH) };
  }

  #noteErased(messages: readonly RoomMessage[], stored: readonly StoredMessage[]): void {
    for (const [i, message] of messages.entries()) {
      if (parseTombstone(stored[i]?.envelope ?? nothingOpened())) this.#erased.set(message.seq, message);
    }
  }

  #keep(messages: readonly RoomMessage[], stored: readonly StoredMessage[]): void {
    for (const [i, message] of messages.entries()) this.#cache.put(message, stored[i]?.envelope.length ?? 0);
    this.#cache.shrink(this.end.seq);
  }

  #extend(entries: readonly SpineEntry[], heads: Uint8Array<ArrayBuffer>): void {
    if (!this.#chain.add(entries, heads)) {
      this.violate(new ProtocolError("head_mismatch", "The server shows a message for a second time."));
    }
    for (const [seq, { entry, message }] of this.#unplaced) {
      if (seq > this.end.seq) continue;
      this.#unplaced.delete(seq);
      const doubt = this.#doubtAt(entry, message);
      if (doubt) this.#cache.doubt(seq, doubt);
    }
  }

  /** What an amendment is about changes with it, if that is here. */
  #amend(message: RoomMessage): void {
    this.reactions.take(message);
    const target = this.#amendments.take(message);
    if (target === null) return;
    const seq = this.seqOf(target);
    if (seq !== null) this.#cache.amend(seq);
  }

  /** Within the chain it is known what an amendment is about: what doesn't count there needs not be kept. */
  #amendsNothing({ seq, body }: RoomMessage): boolean {
    if (body.type !== "content" || !("target" in body.content)) return true;
    const target = this.#chain.seqOf(body.content.target);
    return target === null || target >= seq;
  }

  /** Finds a message's place in the chain, now or as soon as that reaches so far; returns what speaks against its writer. */
  #place(found: { message: StoredMessage; body: RoomMessage["body"]; digest: SpineEntry["digest"] }): string | null {
    const { seq, id, sender, envelope } = found.message;
    const entry = { id, kind: envelope[1] ?? 0, digest: found.digest };
    const message = { seq, sender, body: found.body };
    if (seq <= this.end.seq) return this.#doubtAt(entry, message);
    this.#unplaced.set(seq, { entry, message });
    return null;
  }

  #doubtAt(entry: SpineEntry, message: Unplaced["message"]): string | null {
    if (!this.#chain.holds(message.seq, entry)) this.violate(altered());
    return this.#doubtOf(message);
  }

  /** Whose the chat has been, the founder first; the last one's it is. */
  get owners(): readonly SenderId[] {
    return this.#owners.map(({ sender }) => sender);
  }

  #ownerAt(seq: number): SenderId | undefined {
    return this.#owners.findLast(({ since }) => seq > (since?.seq ?? 0))?.sender;
  }

  /** Whether its writer owned the chat when they wrote it. */
  isByOwner({ seq, sender }: Pick<RoomMessage, "seq" | "sender">): boolean {
    return sender === this.#ownerAt(seq);
  }

  /** Where the chat was handed over has to be where its new owner said (SPEC H8). */
  get handedOver(): readonly Position[] {
    return this.#owners.flatMap(({ since }) => since ?? []);
  }

  /**
   * The writer says how far they had verified, in a place that the server can't forge. A contradiction with the owner's
   * word breaks the whole chat; with a member's it marks the message, for a member may be the one who lies.
   */
  #doubtOf({ seq, sender, body }: Unplaced["message"]): string | null {
    const after = claimOf(body);
    if (!after) return null;
    try {
      checkClaim(after, { seq, mine: this.positionAt(after.seq) });
      return null;
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      if (sender === this.#ownerAt(seq)) this.violate(error);
      return error.message;
    }
  }
}

/** How far its writer says to have verified the chat; the mate's answers don't say. */
function claimOf(body: RoomMessage["body"]): Position | null {
  if (body.type === "content") return body.content.after;
  return body.type === "reply" && body.copied ? body.copied.claim : null;
}

/** Those that follow number `seq` and one another. */
function runFrom(seq: number, messages: readonly StoredMessage[]): readonly StoredMessage[] {
  const end = messages.findIndex((message, i) => message.seq !== seq + 1 + i);
  return end === -1 ? messages : messages.slice(0, end);
}

function digestOf(opened: { digest: SpineEntry["digest"] } | undefined): Pick<SpineEntry, "digest"> {
  return { digest: (opened ?? nothingOpened()).digest };
}

function nothingOpened(): never {
  throw new Error("An opener answers for every message.");
}

function altered(): ProtocolError {
  return new ProtocolError("head_mismatch", "The server's history does not add up: a message was changed.");
}

/** None for what is no envelope: it is shown as broken later. */
function epochsOf({ envelope }: StoredMessage): number[] {
  try {
    return [parseEnvelope(envelope).epoch];
  } catch {
    return [];
  }
}
