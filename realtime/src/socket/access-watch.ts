import type { ChatId, LinkId } from "@openmates-share/protocol/wire";
import type { Access } from "../access/access.ts";
import type { Gate } from "../access/gate.ts";
import type { Revocation, Revocations } from "../access/revocations.ts";
import type { Bus } from "../cluster/bus.ts";
import type { Log } from "../cluster/redis-line.ts";
import { chatNotFound, WireFailure } from "../http/failure.ts";
import type { Changes } from "./changes.ts";
import { ExpiryTimer } from "./expiry-timer.ts";
import type { Line } from "./line.ts";
import type { Rooms } from "./rooms.ts";
import type { Seat } from "./seat.ts";
import type { Seats } from "./seats.ts";

/** How long an answer of the gate may be used again for the same seat. Revocations empty it at once. */
const FRESH_MS = 2000;
/** Should news of a revocation be lost with Redis, this finds it. */
const LOOK_ROUND_MS = 30_000;
const LOOK_ROUND_ALONE_MS = 5000;

/** Keeps the seats honest: asks the gate before every act, and ends seats whose access has ended (R5). */
export class AccessWatch {
  readonly #gate: Gate;
  readonly #seats: Seats;
  readonly #rooms: Rooms;
  readonly #changes: Changes;
  readonly #bus: Bus;
  readonly #log: Log;
  readonly #unsubscribe: () => void;
  readonly #timer: NodeJS.Timeout;
  /** Counts news about access: what the gate said before the last of them may no longer be true. */
  #news = 0;
  #lookedRoundAt = Date.now();
  /** Runs out with the link that expires next. */
  readonly #expiry: ExpiryTimer;

  constructor(options: {
    gate: Gate;
    seats: Seats;
    rooms: Rooms;
    changes: Changes;
    revocations: Revocations;
    bus: Bus;
    log: Log;
  }) {
    this.#gate = options.gate;
    this.#seats = options.seats;
    this.#rooms = options.rooms;
    this.#changes = options.changes;
    this.#bus = options.bus;
    this.#log = options.log;
    this.#unsubscribe = options.revocations.subscribe((revocation) => {
      // Nobody sits in an embed.
      if (revocation.type !== "embed-changed") this.#onRevocation(revocation);
    });
    this.#bus.onRestored(() => void this.lookRound());
    this.#timer = setInterval(() => void this.#maybeLookRound(), LOOK_ROUND_ALONE_MS);
    this.#timer.unref();
    this.#expiry = new ExpiryTimer(() => void this.#endExpired());
  }

  /**
   * What somebody may do, for the act of coming in: `enter` is given an answer that is still true when it has run.
   * @throws WireFailure `not_found`
   */
  async admit(check: () => Promise<Access>, enter: (access: Access) => Promise<Seat>): Promise<Seat> {
    const news = this.#news;
    const seat = await enter(await check());
    this.#expiry.include(seat.access.until);
    // Something was revoked meanwhile, perhaps before the seat was there to be found.
    if (news !== this.#news && !(await this.#recheck(seat))) throw chatNotFound();
    return seat;
  }

  /**
   * The seat of that client in that chat.
   * @throws WireFailure `forbidden` for somebody who has not joined, `not_found` when access has ended
   */
  async seated(line: Line, chat: ChatId): Promise<Seat> {
    const seat = this.#seats.of(line, chat);
    if (!seat) throw new WireFailure("forbidden", "Join the chat first.");
    const fresh = Date.now() - seat.checkedAt < FRESH_MS && !hasExpired(seat.access);
    if (fresh || (await this.#recheck(seat))) return seat;
    // It came in once more meanwhile: then that seat counts.
    if (this.#seats.of(line, chat)) return this.seated(line, chat);
    throw chatNotFound();
  }

  /** Like `seated`, with an answer of this moment: for acts that depend on how far the chat goes. */
  async seatedNow(line: Line, chat: ChatId): Promise<Seat> {
    const seat = this.#seats.of(line, chat);
    if (seat) seat.checkedAt = 0;
    return this.seated(line, chat);
  }

  /** Checks every seat anew. */
  async lookRound(): Promise<void> {
    this.#lookedRoundAt = Date.now();
    for (const chat of this.#seats.chats()) {
      for (const seat of this.#seats.inChat(chat)) await this.#recheckQuietly(seat);
    }
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#expiry.stop();
    this.#unsubscribe();
  }

  async #maybeLookRound(): Promise<void> {
    const due = this.#bus.connected ? LOOK_ROUND_MS : LOOK_ROUND_ALONE_MS;
    if (Date.now() - this.#lookedRoundAt >= due) await this.lookRound();
  }

  #onRevocation(revocation: Exclude<Revocation, { type: "embed-changed" }>): void {
    this.#news++;
    const seats = this.#seats.inChat(revocation.chat);
    for (const seat of seats) seat.checkedAt = 0;
    switch (revocation.type) {
      case "link-revoked":
        for (const seat of seats) this.#endLink(seat, revocation.link);
        return;
      case "member-removed":
        for (const seat of seats) if (seat.sender === revocation.sender) this.#rooms.dismiss(seat);
        // The same person may sit here as a reader, too.
        this.#recheckAll(revocation.chat);
        return;
      case "link-changed":
        this.#recheckAll(revocation.chat);
        return;
      case "chat-deleted":
        for (const seat of seats) this.#rooms.dismiss(seat);
        return;
      case "chat-changed":
        this.#changes.tell(revocation.chat);
        return;
      case "preview-changed":
        return;
    }
  }

  #endLink(seat: Seat, link: LinkId): void {
    if (seat.access.link === link) this.#rooms.dismiss(seat);
    else if (seat.link?.link === link) seat.link = null;
  }

  #recheckAll(chat: ChatId): void {
    for (const seat of this.#seats.inChat(chat)) void this.#recheckQuietly(seat);
  }

  /** Links end by time too, and whoever came by one hears nothing from then on. */
  async #endExpired(): Promise<void> {
    const seats = this.#seats.all();
    for (const { access } of seats) if (!hasExpired(access)) this.#expiry.include(access.until);
    await Promise.all(
      seats.filter(({ access }) => hasExpired(access)).map((seat) => this.#endUnlessGoodOtherwise(seat)),
    );
  }

  /** Somebody may have another way in than the link that expired; if that cannot be found out, there is none. */
  async #endUnlessGoodOtherwise(seat: Seat): Promise<void> {
    try {
      await this.#recheck(seat);
    } catch (error) {
      this.#log.warn({ err: error }, "access to a chat cannot be checked");
      this.#rooms.dismiss(seat);
    }
  }

  /** False when the seat has ended. */
  async #recheck(seat: Seat): Promise<boolean> {
    const { line, chat, link } = seat;
    const news = this.#news;
    try {
      const access = await this.#gate.check({ chat, account: line.data.account, link });
      if (this.#seats.of(line, chat) !== seat) return false;
      if (seat.access.scope === "all" && access.scope === "shared") throw chatNotFound();
      seat.access = access;
      this.#expiry.include(access.until);
      seat.checkedAt = news === this.#news ? Date.now() : 0;
      return true;
    } catch (error) {
      if (!(error instanceof WireFailure) || !ENDS.has(error.code)) throw error;
      // Of a seat that is given up already there is nothing to end, nor to tell.
      if (this.#seats.of(line, chat) === seat) this.#rooms.dismiss(seat);
      return false;
    }
  }

  async #recheckQuietly(seat: Seat): Promise<void> {
    try {
      await this.#recheck(seat);
    } catch (error) {
      this.#log.warn({ err: error }, "access to a chat cannot be checked");
    }
  }
}

/** Answers of the gate that mean: not (any longer) for this one. */
const ENDS: ReadonlySet<string> = new Set(["not_found", "view_required"]);

function hasExpired({ until }: Access): boolean {
  return until !== null && until <= Date.now();
}
