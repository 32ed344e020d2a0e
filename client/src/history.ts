import { openSeal, type Seal } from "@openmates-share/protocol/crypto";
import {
  type Bytes,
  type ChatChanged,
  type MessagePage,
  type Position,
  ProtocolError,
  type Role,
  type StoredMessage,
} from "@openmates-share/protocol/wire";
import { judgeIntegrity } from "./integrity.ts";
import type { Integrity, RoomMessage } from "./room-state.ts";
import type { Transcript } from "./transcript.ts";

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
  readonly fetchPage: (after: number) => Promise<MessagePage>;
  readonly remember: (known: { seen: Position; title: string }) => Promise<void>;
  /** Gets messages that are new, in order. */
  readonly learn: (messages: readonly RoomMessage[]) => void;
  /** Called after every page, for chats that take a while. */
  readonly changed: () => void;
}

/** The messages of a chat and where they end: loaded up to what the owner sealed, checked, remembered. */
export class History {
  readonly #options: HistoryOptions;
  readonly #transcript: Transcript;
  #seal: Seal | null = null;
  #sharedThrough: number;
  #through: number;
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

  /** Whether everything that may be read is here. */
  get complete(): boolean {
    return this.#transcript.end.seq >= this.#through;
  }

  get title(): string {
    return this.#seal?.title ?? this.#options.title;
  }

  judge(): Integrity {
    const { seen, role } = this.#options;
    return judgeIntegrity({ transcript: this.#transcript, seal: this.#seal, seen, role, complete: this.complete });
  }

  /** There is a message of that number, and so are all before it. */
  reachTo(seq: number): void {
    this.#through = this.#limit(Math.max(this.#through, seq));
  }

  async takePage(page: MessagePage): Promise<void> {
    this.reachTo(page.through);
    await this.takeMessages(page.messages);
  }

  async takeMessages(messages: readonly StoredMessage[]): Promise<void> {
    const last = messages.at(-1);
    if (!last) return;
    this.reachTo(last.seq);
    const before = this.#transcript.messages.length;
    if ((await this.#transcript.add(this.#within(messages))) === "gap") return this.loadRest();
    this.#learnFrom(before);
    await this.#rememberEnd();
  }

  /** Fetches page after page until everything is here. */
  async loadRest(): Promise<void> {
    while (!this.#stopped && !this.complete) {
      const { seq } = this.#transcript.end;
      const page = await this.#options.fetchPage(seq);
      this.#through = this.#limit(page.through);
      if ((await this.#transcript.add(this.#within(page.messages))) === "gap" || this.#transcript.end.seq === seq) {
        this.#through = this.#transcript.end.seq;
        this.#transcript.violate(
          new ProtocolError("head_mismatch", "The server leaves out messages that belong to this chat."),
        );
        break;
      }
      this.#learnFrom(seq);
      this.#options.changed();
    }
    await this.#rememberEnd();
  }

  /** News of two changes may come in either order; what is shared only grows. */
  async takeShared({ sharedThrough, seal }: Pick<ChatChanged, "sharedThrough" | "seal">): Promise<void> {
    if (!seal || sharedThrough < this.#sharedThrough) return;
    this.#sharedThrough = sharedThrough;
    try {
      const chatKey = this.#transcript.newestKey;
      const opened = await openSeal({ chatKey, owner: this.#options.ownerKey, sealed: new Uint8Array(seal) });
      if (opened.seq < (this.#seal?.seq ?? 0)) return;
      this.#seal = opened;
      // What is sealed is there, or the server keeps it back.
      this.#through = Math.max(this.#through, opened.seq);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.#transcript.violate(error);
    }
  }

  stop(): void {
    this.#stopped = true;
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

  #learnFrom(known: number): void {
    this.#options.learn(this.#transcript.messages.slice(known));
  }

  async #rememberEnd(): Promise<void> {
    if (this.judge().state !== "sealed") return;
    await this.#options.remember({ seen: this.#transcript.end, title: this.title });
  }
}
