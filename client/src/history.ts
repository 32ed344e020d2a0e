import { openSeal, type Seal } from "@openmates-share/protocol/crypto";
import {
  type AmendmentPage,
  type Bytes,
  type ChatChanged,
  KIND,
  LIMITS,
  type MessagePage,
  type Position,
  ProtocolError,
  parseEnvelope,
  plainLine,
  type Role,
  type Spine,
  type StoredMessage,
} from "@openmates-share/protocol/wire";
import { judgeIntegrity } from "./integrity.ts";
import type { Integrity, MessageWindow, RoomMessage } from "./room-state.ts";
import type { Transcript } from "./transcript.ts";

/** Where what is not here comes from: what follows a number. */
export interface HistorySource {
  page(after: number): Promise<MessagePage>;
  spine(after: number): Promise<Spine>;
  amendments(after: number): Promise<AmendmentPage>;
}

export interface HistoryOptions {
  readonly transcript: Transcript;
  readonly role: Role;
  /** Ed25519, from the wrapped key or the keyring. */
  readonly ownerKey: Bytes;
  /** As known on this device, until a seal tells it. */
  readonly title: string;
  /** The furthest end that this device had verified before. */
  readonly seen: Position | null;
  readonly sharedThrough: number;
  /** The last number that may be read, as far as is known. */
  readonly through: number;
  readonly source: HistorySource;
  readonly remember: (known: { seen: Position; title: string }) => Promise<void>;
  /** Gets messages that were opened, in order within a page. */
  readonly learn: (messages: readonly RoomMessage[]) => void;
  /** Called after every step, for chats that take a while. */
  readonly changed: () => void;
}

/** The same messages, opened and as they are stored. */
export interface StoredPage {
  readonly opened: readonly RoomMessage[];
  readonly stored: readonly StoredMessage[];
}

/**
 * The messages of a chat and where they end: the chain of all of them, checked up to what the owner sealed and remembered,
 * and those that were asked for.
 */
export class History {
  readonly #options: HistoryOptions;
  readonly #transcript: Transcript;
  /** Pages on their way, by the number they follow. */
  readonly #loading = new Map<number, Promise<boolean>>();
  /** Numbers of the amendments that were opened. */
  readonly #amended = new Set<number>();
  #seal: Seal | null = null;
  #sealed: { readonly seal: Seal; readonly bytes: Bytes } | null = null;
  #sharedThrough: number;
  #through: number;
  /** What comes behind that number is news, which is here without being asked for; null until the chain was whole once. */
  #newsAfter: number | null = null;
  /** Whether the word on a message that was erased is being looked for. */
  #explaining = false;
  /** How many of the chain's amendments, from the first, are opened. */
  #amendedCount = 0;
  #stopped = false;

  constructor(options: HistoryOptions) {
    this.#options = options;
    this.#transcript = options.transcript;
    this.#sharedThrough = options.sharedThrough;
    this.#through = options.through;
  }

  get sharedThrough(): number {
    return this.#sharedThrough;
  }

  /** The last number that may be read, as far as is known. */
  get through(): number {
    return this.#through;
  }

  /** Whether the place of everything that may be read is known, and what changes it. */
  get complete(): boolean {
    return this.#chained && this.#missingAmendment() === null;
  }

  get #chained(): boolean {
    return this.#transcript.end.seq >= this.#through;
  }

  /** As its owner sealed it, without what turns or hides text. */
  get title(): string {
    return plainLine(this.#seal?.title ?? this.#options.title);
  }

  /** The owner's newest seal, opened and as it came. */
  get sealed(): { readonly seal: Seal; readonly bytes: Bytes } | null {
    return this.#sealed;
  }

  get window(): MessageWindow {
    return this.#transcript.window(this.#through);
  }

  judge(): Integrity {
    const { seen, role } = this.#options;
    const { through } = this;
    const complete = this.complete && this.#transcript.unexplained.length === 0;
    return judgeIntegrity({ transcript: this.#transcript, seal: this.#seal, seen, role, complete, through });
  }

  /** There is a message of that number, and so are all before it. */
  reachTo(seq: number): void {
    this.#through = this.#limit(Math.max(this.#through, seq));
  }

  /** Takes a page from anywhere. */
  async takePage(page: MessagePage): Promise<void> {
    this.reachTo(page.through);
    const first = page.messages[0];
    this.#transcript.focus(first?.seq ?? 1, page.messages.at(-1)?.seq ?? 1);
    await this.#keep(page.messages, page.before);
    await this.#rememberEnd();
  }

  /** Takes messages that were just written. Where some in front of them are missing, these are fetched. */
  async takeNews(messages: readonly StoredMessage[]): Promise<void> {
    const last = messages.at(-1);
    if (!last) return;
    this.reachTo(last.seq);
    const fresh = messages.filter(({ seq }) => !this.#transcript.has(seq));
    const before = this.#transcript.positionAt((fresh[0]?.seq ?? 0) - 1);
    if (before) await this.#keep(fresh, before);
    await this.loadRest();
  }

  /** Follows the chain until its end is here; then fetches what is new, as far as one page goes. */
  async loadRest(): Promise<void> {
    while (!this.#stopped && !this.#chained) {
      const { seq } = this.#transcript.end;
      const spine = await this.#options.source.spine(seq);
      this.#through = this.#limit(spine.through);
      await this.#transcript.follow(spine, { through: this.#through, changed: this.#options.changed });
      if (this.#transcript.end.seq === seq && !this.#chained) {
        this.#through = seq;
        this.#leftOut();
      }
    }
    await this.#loadAmendments();
    await this.#loadNews();
    await this.#explainErased();
    await this.#rememberEnd();
  }

  /** Brings what is between two numbers, inclusive, as far as it may be read. */
  async load(from: number, to: number): Promise<void> {
    this.#transcript.focus(from, to);
    await this.#load(from, to);
    await this.#explainErased();
  }

  /** Opens the page behind a number without keeping it. The chain has to be complete. */
  async read(after: number): Promise<StoredPage> {
    const page = await this.#options.source.page(after);
    const messages = this.#within(page.messages);
    const opened = await this.#transcript.take(messages, page.before, { keep: false });
    if (opened[0]?.seq !== after + 1 && after < Math.min(this.#through, page.through)) this.#leftOut();
    await this.#explainErased();
    return { opened, stored: messages.slice(0, opened.length) };
  }

  /** News of two changes may come in either order; what is shared only grows. */
  async takeShared({ sharedThrough, seal }: Pick<ChatChanged, "sharedThrough" | "seal">): Promise<void> {
    if (!seal || sharedThrough < this.#sharedThrough) return;
    this.#sharedThrough = sharedThrough;
    try {
      const { epoch } = parseEnvelope(seal);
      await this.#transcript.reach(epoch);
      const chatKey = this.#transcript.keyOf(epoch);
      const opened = await openSeal({ chatKey, owner: this.#options.ownerKey, sealed: new Uint8Array(seal) });
      if (opened.seq < (this.#seal?.seq ?? 0)) return;
      this.#seal = opened;
      this.#sealed = { seal: opened, bytes: new Uint8Array(seal) };
      // What is sealed is there, or the server keeps it back.
      this.#through = Math.max(this.#through, opened.seq);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.#transcript.violate(error);
    }
  }

  stop(): void {
    this.#stopped = true;
    this.#transcript.opener.stop();
  }

  async #loadNews(): Promise<void> {
    const { seq } = this.#transcript.end;
    // What a mention sends is taken from the end, wherever one reads.
    const tail = this.#options.role === "reader" ? 0 : LIMITS.firstPageMessages;
    this.#newsAfter ??= Math.max(seq - tail, 0);
    await this.#load(Math.max(this.#newsAfter + 1, seq - LIMITS.pageMessages + 1), seq);
    this.#newsAfter = Math.max(this.#newsAfter, seq);
  }

  async #load(from: number, to: number): Promise<void> {
    for (let seq = Math.max(from, 1); seq <= Math.min(to, this.#through) && !this.#stopped; seq++) {
      if (!this.#transcript.has(seq) && !(await this.#loadPage(seq - 1))) return;
    }
  }

  /** Returns whether the page behind that number came; asked for twice at once it is fetched once. */
  #loadPage(after: number): Promise<boolean> {
    const loading = this.#loading.get(after) ?? this.#fetchPage(after).finally(() => this.#loading.delete(after));
    this.#loading.set(after, loading);
    return loading;
  }

  async #fetchPage(after: number): Promise<boolean> {
    const page = await this.#options.source.page(after);
    if (this.#stopped) return false;
    await this.#keep(page.messages, page.before);
    if (this.#transcript.has(after + 1)) return true;
    if (after < Math.min(this.#through, page.through)) this.#leftOut();
    return false;
  }

  async #keep(messages: readonly StoredMessage[], before: Position): Promise<void> {
    const { learn, changed } = this.#options;
    const taken = await this.#transcript.take(this.#within(messages), before, { keep: true, changed });
    for (const { seq, envelope } of messages.slice(0, taken.length)) {
      if (envelope[1] === KIND.amendment) this.#amended.add(seq);
    }
    learn(taken);
    changed();
  }

  /** Amendments change what is shown elsewhere, so all of them are needed: few, beside the messages. */
  async #loadAmendments(): Promise<void> {
    for (let seq = this.#missingAmendment(); seq !== null && !this.#stopped; seq = this.#missingAmendment()) {
      const page = await this.#options.source.amendments(seq - 1);
      const messages = page.messages.filter((message) => message.seq <= this.#transcript.end.seq);
      if (messages[0]?.seq !== seq) this.#leftOut();
      for (const message of messages) this.#amended.add(message.seq);
      this.#amended.add(seq);
      this.#options.learn(await this.#transcript.check(messages));
      this.#options.changed();
    }
  }

  /** The first amendment of the chain that is not opened yet. */
  #missingAmendment(): number | null {
    const { amendments } = this.#transcript;
    while (this.#amendedCount < amendments.length && this.#amended.has(amendments[this.#amendedCount] ?? 0)) {
      this.#amendedCount++;
    }
    return amendments[this.#amendedCount] ?? null;
  }

  /**
   * A message that was erased needs a word of somebody who may take it back (SPEC T10). That may be newer than what is here:
   * so the chat is followed as far as it goes now before the server is taken for a liar, or its writer (SPEC T90).
   */
  async #explainErased(): Promise<void> {
    if (this.#explaining || !this.complete) return;
    this.#explaining = true;
    try {
      for (let { unexplained } = this.#transcript; unexplained.length > 0; { unexplained } = this.#transcript) {
        const { through } = await this.#options.source.spine(this.#transcript.end.seq);
        this.reachTo(through);
        // A reader goes on when the owner's next seal is here.
        if (this.#stopped || this.#through < through) return;
        await this.loadRest();
        const still = this.#transcript.unexplained.filter((seq) => unexplained.includes(seq));
        if (!this.#transcript.leaveUnexplained(still)) {
          this.#transcript.violate(
            new ProtocolError("head_mismatch", "The server keeps back a message that nobody has deleted."),
          );
          return;
        }
      }
    } finally {
      this.#explaining = false;
    }
  }

  #leftOut(): void {
    this.#transcript.violate(
      new ProtocolError("head_mismatch", "The server leaves out messages that belong to this chat."),
    );
  }

  /**
   * What a reader may see ends with the seal: the page of a server that is further on already waits for the seal it comes
   * with, and one that is not as far has to show what the seal says is there.
   */
  #limit(through: number): number {
    return this.#options.role === "reader" && this.#seal ? this.#seal.seq : through;
  }

  #within(messages: readonly StoredMessage[]): readonly StoredMessage[] {
    return this.#options.role === "reader" ? messages.filter(({ seq }) => seq <= this.#through) : messages;
  }

  async #rememberEnd(): Promise<void> {
    if (this.judge().state !== "sealed") return;
    await this.#options.remember({ seen: this.#transcript.end, title: this.title });
  }
}
