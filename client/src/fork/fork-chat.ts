import { type MessageContent, textParts } from "@openmates-share/protocol/content";
import { type ChatKey, createChatKey, type Identity, sealMessage } from "@openmates-share/protocol/crypto";
import {
  type Copy,
  type Lineage,
  type Origin,
  sealCopy,
  sealLineage,
  sealOrigin,
} from "@openmates-share/protocol/fork";
import {
  appendToTranscript,
  type Bytes,
  type ChatId,
  emptyTranscript,
  equalBytes,
  LIMITS,
  type MessageId,
  newId,
  type OutgoingMessage,
  type Position,
  ProtocolError,
} from "@openmates-share/protocol/wire";
import type { Device } from "../device.ts";
import type { Embeds } from "../embeds/embeds.ts";
import { ClientError } from "../errors.ts";
import type { OwnedChats } from "../owned-chats.ts";
import { OwnerApi } from "../owner-api.ts";
import { withRetries } from "../retries.ts";
import type { Room } from "../room.ts";
import { verifyOrigin } from "./ancestry.ts";
import { ForkFiles } from "./fork-files.ts";
import { runsOf, type Taken, taken } from "./fork-plan.ts";
import { ForkSource } from "./fork-source.ts";

export interface ForkOptions {
  /** The number of the last message to take over; all that may be read, when left out. */
  readonly through?: number;
  /** As the source's, when left out. */
  readonly title?: string;
  /** The name to write under in the fork. */
  readonly name?: string;
  /** Messages that were read and that were stored, of twice as many. */
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

export interface Forked {
  readonly chat: ChatId;
  readonly title: string;
  /** Messages that were taken over. */
  readonly copies: number;
  /** Of these, those too long to carry their proof along. */
  readonly unproven: number;
  /** Messages that were deleted or can't be read. */
  readonly leftOut: number;
  /** Files that can't be had any more, or for which there is no room. */
  readonly filesLeftOut: number;
}

/** What forking needs of the client around it. */
export interface ForkSetup {
  readonly device: Device;
  readonly owned: OwnedChats;
  readonly embeds: Embeds;
}

/** Messages whose proofs are taken and sealed at a time. */
const BATCH = 100;
/** For how long a line that broke is waited for. Milliseconds. */
const PATIENCE = 120_000;

/**
 * Begins a chat of one's own with what one reads in another, each message with what proves it (SPEC section 18). Nobody else
 * sees it: it has no link. When a step fails for good, nothing of it is left.
 * @throws ClientError `not_allowed` for what is not sealed or was altered, `aborted`, `unreachable` and other codes
 */
export async function forkChat(setup: ForkSetup, room: Room, options: ForkOptions): Promise<Forked> {
  const state = await room.whenComplete(options.signal);
  requireProvable(room);
  const through = Math.min(options.through ?? state.messages.through, state.messages.through);
  const plan = await collect(room, { ...options, through });
  // A lie may have come out with the last page.
  requireProvable(room);
  if (plan.length === 0) throw new ClientError("bad_request", "There is nothing to take over.");
  const title = options.title ?? state.title;
  const chatKey = await createChatKey(newId<ChatId>());
  const { chat } = chatKey;
  try {
    await setup.owned.create(chatKey, { title, name: options.name ?? null });
    const fork = await Fork.begin(setup, { room, chatKey, options });
    const { end, unproven, filesLeftOut } = await fork.fill(plan, through);
    // Servers keep what was never sealed for a day; and the seal is what a link made later stands on.
    await fork.persistently(() => setup.owned.seal({ chat, title, end }));
    const spoken = room.messagesTo(through);
    return { chat, title, copies: plan.length, unproven, leftOut: spoken - plan.length, filesLeftOut };
  } catch (error) {
    await setup.owned.discard(chat);
    throw error;
  }
}

function requireProvable({ state, sealed }: Room): void {
  const { integrity, ancestry } = state;
  if (integrity.state === "violated" || ancestry?.state === "refused") {
    throw new ClientError("not_allowed", "This chat is not what was shared, so it can't be continued elsewhere.");
  }
  if (!sealed) throw new ClientError("not_allowed", "This chat is not shared yet.");
}

async function collect(room: Room, options: ForkOptions & { through: number }): Promise<readonly Taken[]> {
  const { through, onProgress, signal } = options;
  const plan: Taken[] = [];
  for await (const page of room.readStored({ to: through, ...(signal ? { signal } : {}) })) {
    for (const [i, message] of page.opened.entries()) {
      const stored = page.stored[i];
      const one = stored && taken(message, stored, room.state.ancestry);
      if (one) plan.push(one);
    }
    onProgress?.(page.opened.at(-1)?.seq ?? 0, through * 2);
  }
  return plan;
}

class Fork {
  readonly #setup: ForkSetup;
  readonly #source: ForkSource;
  readonly #files: ForkFiles;
  readonly #chatKey: ChatKey;
  readonly #identity: Identity;
  readonly #options: ForkOptions;
  readonly #room: Room;
  #end: Position;
  #unproven = 0;

  private constructor(setup: {
    around: ForkSetup;
    source: ForkSource;
    files: ForkFiles;
    chatKey: ChatKey;
    identity: Identity;
    options: ForkOptions;
    room: Room;
    end: Position;
  }) {
    this.#setup = setup.around;
    this.#source = setup.source;
    this.#files = setup.files;
    this.#chatKey = setup.chatKey;
    this.#identity = setup.identity;
    this.#options = setup.options;
    this.#room = setup.room;
    this.#end = setup.end;
  }

  static async begin(
    around: ForkSetup,
    { room, chatKey, options }: { room: Room; chatKey: ChatKey; options: ForkOptions },
  ): Promise<Fork> {
    const { device, embeds } = around;
    const source = await ForkSource.open(device, room);
    const files = new ForkFiles({ device, embeds, source, into: chatKey.chat, signal: options.signal });
    const identity = await device.keyring.identity();
    const end = await emptyTranscript(chatKey.chat);
    return new Fork({ around, source, files, chatKey, identity, options, room, end });
  }

  /** @throws ClientError; what was stored till then is there, and nobody knows of it */
  async fill(
    plan: readonly Taken[],
    through: number,
  ): Promise<{ end: Position; unproven: number; filesLeftOut: number }> {
    const last = plan.reduce((most, { message }) => Math.max(most, message.seq, message.edited?.seq ?? 0), 0);
    const { chats, lineages } = await this.#source.ancestors(last);
    const copies = await this.#inBatches(plan, (one) => this.#source.copyOf(one));
    const places = copies.map(({ chat }, i) => ({
      chat: chats.findIndex((ancestor) => ancestor.chat === chat),
      seq: this.#placeOf(plan[i]),
    }));
    const origin: Origin = { chats, runs: runsOf(places), first: lineages.length + 2, through };
    await this.#uploadOrigin(origin, lineages);
    for (let i = 0; i < plan.length; i += BATCH) {
      const after = this.#end;
      const sealed = plan.slice(i, i + BATCH).map((one, j) => this.#seal(one, { copy: copies[i + j], after }));
      await this.#upload(await Promise.all(sealed));
      this.#options.onProgress?.(
        through + Math.round((through * Math.min(i + BATCH, plan.length)) / plan.length),
        through * 2,
      );
    }
    return { end: this.#end, unproven: this.#unproven, filesLeftOut: this.#files.leftOut };
  }

  /** The number in the chat that it was signed in. */
  #placeOf(one: Taken | undefined): number {
    const { ancestry } = this.#room.state;
    if (!one) return 0;
    return (one.again && ancestry?.state === "proven" && ancestry.sourceSeqOf(one.message)) || one.message.seq;
  }

  async #uploadOrigin(origin: Origin, lineages: readonly Lineage[]): Promise<void> {
    await this.#requireReadable(origin, lineages);
    const sealing = () => ({
      chatKey: this.#chatKey,
      identity: this.#identity,
      message: newId<MessageId>(),
      time: Date.now(),
      after: this.#end,
    });
    const first = sealing();
    await this.#upload([{ id: first.message, envelope: await sealOrigin(origin, first) }]);
    for (const lineage of lineages) {
      const next = sealing();
      await this.#upload([{ id: next.message, envelope: await sealLineage(lineage, next) }]);
    }
  }

  /** What readers would refuse is not written (SPEC G3): the server may have handed out another spine this time. */
  async #requireReadable(origin: Origin, lineages: readonly Lineage[]): Promise<void> {
    await verifyOrigin({ origin, lineages, owner: this.#identity.sender }, this.#room.heads);
  }

  async #seal(
    one: Taken,
    { copy, after }: { copy: Omit<Copy, "embeds"> | undefined; after: Position },
  ): Promise<{ id: MessageId; envelope: Bytes }> {
    const [chatKey, identity] = [this.#chatKey, this.#identity];
    const time = Date.now();
    const { sender, body } = one.message;
    const parts = body.type === "content" && body.content.type === "message" ? body.content.parts : [];
    const before = one.again && parts.some((part) => "embed" in part) ? await this.#source.embedsOf(one.stored) : [];
    const embeds = await this.#files.copy({ parts, sender, before });
    try {
      if (copy) return await sealCopy({ ...copy, embeds }, { chatKey, identity, time, after });
    } catch (error) {
      if (!(error instanceof ProtocolError) || error.code !== "too_large") throw error;
    }
    this.#unproven++;
    const id = newId<MessageId>();
    return { id, envelope: await sealPlain(one, { chatKey, identity, id, after }) };
  }

  async #upload(messages: readonly { id: MessageId; envelope: Bytes }[]): Promise<void> {
    let page: OutgoingMessage[] = [];
    let bytes = 0;
    for (const { id, envelope } of messages) {
      if (page.length === LIMITS.pageMessages || (page.length > 0 && bytes + envelope.length > LIMITS.pageBytes)) {
        await this.#send(page);
        page = [];
        bytes = 0;
      }
      page.push({ id, sender: this.#identity.sender, envelope });
      bytes += envelope.length;
    }
    if (page.length > 0) await this.#send(page);
  }

  async #send(messages: readonly OutgoingMessage[]): Promise<void> {
    const { signal } = this.#options;
    if (signal?.aborted) throw new ClientError("aborted", "This was cancelled.");
    const { api } = this.#setup.device;
    const as = await this.#setup.device.owner();
    const { receipts } = await this.persistently(() =>
      new OwnerApi(api).upload(this.#chatKey.chat, { messages, as, signal }),
    );
    for (const message of messages) this.#end = await appendToTranscript(this.#end, message);
    const last = receipts.at(-1);
    if (last?.seq === this.#end.seq && equalBytes(last.head, this.#end.head)) return;
    throw new ClientError("head_mismatch", "The server did not store the messages as they were sent.");
  }

  persistently<T>(work: () => Promise<T>): Promise<T> {
    const signal = this.#options.signal ?? null;
    return withRetries(work, { patience: PATIENCE, signal, onWaiting: () => undefined });
  }

  async #inBatches<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
    const done: R[] = [];
    for (let i = 0; i < items.length; i += BATCH) {
      if (this.#options.signal?.aborted) throw new ClientError("aborted", "This was cancelled.");
      done.push(...(await Promise.all(items.slice(i, i + BATCH).map(work))));
    }
    return done;
  }
}

/** A message that leaves no room for its proof, by the forker's word alone; or that there was one, if not even that fits. */
async function sealPlain(
  { message }: Taken,
  setup: { chatKey: ChatKey; identity: Identity; id: MessageId; after: Position },
): Promise<Bytes> {
  const { chatKey, identity, id, after } = setup;
  const seal = (content: MessageContent) => sealMessage({ chatKey, identity, message: id, content });
  const plain = plainContent(message, after);
  try {
    return await seal(plain);
  } catch (error) {
    if (!(error instanceof ProtocolError) || error.code !== "too_large") throw error;
    return seal({ ...plain, parts: textParts("(A message that was too long to be copied.)") });
  }
}

function plainContent({ body }: Taken["message"], after: Position): MessageContent {
  const nothing = { type: "message", replyTo: null, model: null, withheld: false, after } as const;
  if (body.type === "reply") {
    const { text, model, time } = body.reply;
    return { ...nothing, role: "assistant", name: "", parts: textParts(text), model, time };
  }
  if (body.type === "content" && body.content.type === "message") {
    const parts = body.content.parts.map((part) => ("embed" in part ? { ...part, embed: null } : part));
    return { ...body.content, parts, replyTo: null, after };
  }
  return { ...nothing, role: "user", name: "", parts: textParts("(A message of a newer version.)"), time: null };
}
