import type { ChatId, ReadMark, SenderId } from "@openmates-share/protocol/wire";
import type { ReadMarks } from "../chats/read-marks.ts";
import type { Log } from "../cluster/redis-line.ts";
import type { Rooms } from "./rooms.ts";

/** Pause between two rounds: people look at this beside the conversation. Milliseconds. */
const ROUND_MS = 500;
/**
 * Marks of one chat in one round. In a room of a thousand everybody reads every message: telling each of each at once would
 * be a million marks for a message; so they take turns, and of each person only the newest waits.
 */
const AT_ONCE = 50;

/** Chats of which it is remembered how far they go at least; then it is asked anew. */
const REMEMBERED = 10_000;

/** Brings how far people have read into the database and to the others, many at a time. */
export class ReadNews {
  readonly #marks: ReadMarks;
  readonly #rooms: Rooms;
  readonly #log: Log;
  readonly #waiting = new Map<ChatId, Map<SenderId, number>>();
  readonly #furthest = new Map<ChatId, number>();
  #timer: NodeJS.Timeout | null = null;
  #lastRound = 0;
  #round: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(options: { marks: ReadMarks; rooms: Rooms; log: Log }) {
    this.#marks = options.marks;
    this.#rooms = options.rooms;
    this.#log = options.log;
  }

  note(chat: ChatId, { sender, seq }: ReadMark): void {
    const waiting = this.#waiting.get(chat) ?? new Map<SenderId, number>();
    waiting.set(sender, Math.max(seq, waiting.get(sender) ?? 0));
    this.#waiting.set(chat, waiting);
    this.#plan();
  }

  /** How far a chat goes at least, as far as this node knows. */
  furthest(chat: ChatId): number {
    return this.#furthest.get(chat) ?? 0;
  }

  noteFurthest(chat: ChatId, seq: number): void {
    if (this.#furthest.size >= REMEMBERED) this.#furthest.clear();
    this.#furthest.set(chat, Math.max(seq, this.furthest(chat)));
  }

  /** Keeps what is waiting. */
  async stop(): Promise<void> {
    this.#stopped = true;
    if (this.#timer) clearTimeout(this.#timer);
    await this.#round;
    await this.#keep(this.#take(Number.POSITIVE_INFINITY));
  }

  /** The first after a quiet time goes at once. */
  #plan(): void {
    if (this.#timer || this.#stopped) return;
    this.#timer = setTimeout(
      () => {
        this.#round = this.#tell();
      },
      Math.max(this.#lastRound + ROUND_MS - Date.now(), 0),
    );
  }

  async #tell(): Promise<void> {
    this.#lastRound = Date.now();
    const batches = this.#take(AT_ONCE);
    await this.#keep(batches);
    for (const batch of batches) this.#rooms.read(batch);
    this.#timer = null;
    if (this.#waiting.size > 0) this.#plan();
  }

  #take(most: number): { chat: ChatId; reads: ReadMark[] }[] {
    return [...this.#waiting].map(([chat, waiting]) => {
      const reads = [...waiting].slice(0, most).map(([sender, seq]) => ({ sender, seq }));
      for (const { sender } of reads) waiting.delete(sender);
      if (waiting.size === 0) this.#waiting.delete(chat);
      return { chat, reads };
    });
  }

  /** Clients say again how far they are when they come back: what is lost here is not lost for long. */
  async #keep(batches: readonly { chat: ChatId; reads: readonly ReadMark[] }[]): Promise<void> {
    const marks = batches.flatMap(({ chat, reads }) => reads.map((read) => ({ chat, ...read })));
    if (marks.length === 0) return;
    try {
      await this.#marks.keep(marks);
    } catch (error) {
      this.#log.warn({ err: error }, "how far people have read cannot be kept");
    }
  }
}
