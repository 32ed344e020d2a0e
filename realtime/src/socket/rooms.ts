import type { AskStatus, ChatChanged, ChatId, Delta, ReadMark, SenderId } from "@openmates-share/protocol/wire";
import type { Log } from "../cluster/redis-line.ts";
import type { AskNews } from "../mate/ask-news.ts";
import type { CommittedBatch } from "../messages/committer.ts";
import type { Presence, Whereabouts } from "../presence/presence.ts";
import type { Line, Lines } from "./line.ts";
import type { Seat } from "./seat.ts";
import type { Seats } from "./seats.ts";

/** Those who get everything as it comes. */
const membersOf = (chat: ChatId) => `chat:${chat}`;
/** Those who read up to the cut-off: they only hear that it moved. */
const readersOf = (chat: ChatId) => `chat:${chat}:readers`;

/** The chats' rooms: who comes and goes, and what is said in them. What goes to a room is encoded once. */
export class Rooms implements AskNews {
  readonly #lines: Lines;
  readonly #seats: Seats;
  readonly #presence: Presence;
  readonly #onLeave: ((seat: Seat) => void)[] = [];
  readonly #log: Log;
  readonly #leaving = new Set<Promise<void>>();

  constructor(options: { lines: Lines; seats: Seats; presence: Presence; log: Log }) {
    this.#lines = options.lines;
    this.#seats = options.seats;
    this.#presence = options.presence;
    this.#log = options.log;
    this.#presence.onChange((place, present) => this.#tellPresence(place, present));
  }

  /** Tells of everybody who leaves, goes or is sent away. */
  onLeave(listener: (seat: Seat) => void): void {
    this.#onLeave.push(listener);
  }

  /** Takes a seat; one that the client had in this chat before is given up for it, without a moment in which it has none. */
  async enter(seat: Seat): Promise<void> {
    const { line, chat } = seat;
    const before = this.#seats.of(line, chat);
    if (before && before.sender === seat.sender && scopeOf(before) === scopeOf(seat)) {
      // The same again, after a gap: nobody need see them go and come.
      this.#seats.remove(before);
      this.#seats.add(seat);
      return;
    }
    if (!line.connected) return;
    const left = before && this.leave(before);
    this.#seats.add(seat);
    void line.join(scopeOf(seat) === "all" ? membersOf(chat) : readersOf(chat));
    const place = placeOf(seat);
    // Counted at once, so that whoever goes meanwhile is counted as gone after that.
    const [came] = await Promise.all([place && this.#presence.enter(place), left]);
    if (place && came) this.#tellPresence(place, true);
  }

  async leave(seat: Seat): Promise<void> {
    if (!this.#seats.remove(seat)) return;
    for (const listener of this.#onLeave) listener(seat);
    void seat.line.leave(membersOf(seat.chat));
    void seat.line.leave(readersOf(seat.chat));
    const place = placeOf(seat);
    if (place && (await this.#presence.leave(place))) this.#tellPresence(place, false);
  }

  /** Gives up the seat of a client that is gone, which nobody waits for but the end of this server. */
  gone(seat: Seat): void {
    const leaving = this.leave(seat)
      .catch((error) => this.#log.warn({ err: error }, "presence of somebody gone is not settled"))
      .finally(() => this.#leaving.delete(leaving));
    this.#leaving.add(leaving);
  }

  /** Resolves when the others have been told of all who are gone. */
  async settled(): Promise<void> {
    await Promise.all(this.#leaving);
  }

  /** Ends a seat because access has ended: at once, whatever else is going on. */
  dismiss(seat: Seat): void {
    const left = this.leave(seat);
    seat.line.emit("removed", { chat: seat.chat });
    left.catch((error) => this.#log.warn({ err: error }, "presence of somebody dismissed is not settled"));
  }

  present(chat: ChatId): Promise<readonly SenderId[]> {
    return this.#presence.present(chat);
  }

  /** What one commit brought for a chat, as one packet. */
  messages({ chat, messages }: CommittedBatch): void {
    this.#lines.to(membersOf(chat)).emit("messages", { chat, messages });
  }

  /** The same for this node's members alone. */
  messagesHere({ chat, messages }: CommittedBatch): void {
    this.#lines.local.to(membersOf(chat)).emit("messages", { chat, messages });
  }

  /** Every node tells its own: news of access reach all nodes by themselves. */
  changedHere(change: ChatChanged): void {
    this.#lines.local.to(membersOf(change.chat)).emit("changed", change);
    // Who takes part is nothing to those who only read.
    this.#lines.local.to(readersOf(change.chat)).emit("changed", { ...change, offeredTo: null });
  }

  status(status: AskStatus): void {
    this.#lines.to(membersOf(status.chat)).emit("ask", status);
  }

  delta(delta: Delta): void {
    this.#lines.to(membersOf(delta.chat)).emit("delta", { deltas: [delta] });
  }

  /** To all but the one who types; dropped for whoever cannot take it just now. */
  typing(line: Line, change: { chat: ChatId; sender: SenderId; typing: boolean }): void {
    line.to(membersOf(change.chat)).volatile.emit("typing", change);
  }

  /** How far some of the people have read, to all who take part. */
  read(batch: { chat: ChatId; reads: readonly ReadMark[] }): void {
    this.#lines.to(membersOf(batch.chat)).emit("read", batch);
  }

  #tellPresence({ chat, sender }: Whereabouts, present: boolean): void {
    this.#lines.to(membersOf(chat)).emit("presence", { chat, sender, present });
  }
}

function scopeOf(seat: Seat): "all" | "shared" {
  return seat.access.scope;
}

function placeOf({ chat, sender }: Seat): Whereabouts | null {
  return sender && { chat, sender };
}
