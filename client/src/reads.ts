import type { ReadMark, SenderId } from "@openmates-share/protocol/wire";

export interface ReadsSetup {
  /** Who reads here; null for whoever writes nothing, and is nobody to the others. */
  readonly me: () => SenderId | null;
  /** How far this device had read before. */
  readonly through: number;
  readonly remember: (seq: number) => Promise<void>;
  /** Whether the others may be told. */
  readonly told: () => boolean;
  /** Tells the server. @throws ClientError */
  readonly send: (seq: number) => Promise<unknown>;
  readonly changed: () => void;
}

/** Pause between two marks that are sent or remembered: scrolling passes many messages in it. Milliseconds. */
const PAUSE = 1_000;

/** How far everybody has read. Marks only grow, whoever tells of them and in whatever order. */
export class Reads {
  readonly #setup: ReadsSetup;
  readonly #marks = new Map<SenderId, number>();
  #mine: number;
  /** What the server is known to have of it, and the device. */
  #sent = 0;
  #remembered: number;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** By a clock that nobody sets. */
  #lastTold = Number.NEGATIVE_INFINITY;
  #stopped = false;

  constructor(setup: ReadsSetup) {
    this.#setup = setup;
    this.#mine = setup.through;
    this.#remembered = setup.through;
  }

  /** One's own, of all one's devices. */
  get mine(): number {
    return this.#mine;
  }

  of(sender: SenderId): number {
    return this.#marks.get(sender) ?? 0;
  }

  take(marks: readonly ReadMark[]): void {
    for (const { sender, seq } of marks) {
      this.#marks.set(sender, Math.max(seq, this.of(sender)));
      if (sender !== this.#setup.me()) continue;
      this.#sent = Math.max(seq, this.#sent);
      this.#grow(seq);
    }
    this.#setup.changed();
  }

  /** Notes that one has read as far as that number. */
  mark(seq: number): void {
    if (seq <= this.#mine) return;
    this.#grow(seq);
    this.#setup.changed();
  }

  /** The line is there (again): says what it does not know yet. */
  resume(): void {
    this.#plan();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
    this.#remember();
  }

  #grow(seq: number): void {
    this.#mine = Math.max(seq, this.#mine);
    this.#plan();
  }

  #plan(): void {
    if (this.#timer !== undefined || this.#stopped || !this.#isDue()) return;
    const wait = Math.max(this.#lastTold + PAUSE - performance.now(), 0);
    this.#timer = setTimeout(() => void this.#tell(), wait);
  }

  #isDue(): boolean {
    return this.#mine > this.#remembered || (this.#mine > this.#sent && this.#mayTell());
  }

  #mayTell(): boolean {
    return this.#setup.me() !== null && this.#setup.told();
  }

  async #tell(): Promise<void> {
    this.#lastTold = performance.now();
    this.#remember();
    const seq = this.#mine;
    try {
      if (seq > this.#sent && this.#mayTell()) await this.#setup.send(seq);
      this.#sent = Math.max(seq, this.#sent);
    } catch {
      // Said again when the line is back, or with the next message.
    }
    this.#timer = undefined;
    if (this.#mine > seq) this.#plan();
  }

  #remember(): void {
    const seq = this.#mine;
    if (seq <= this.#remembered) return;
    this.#remembered = seq;
    // A device that keeps nothing reads anew each time.
    this.#setup.remember(seq).catch(() => undefined);
  }
}
