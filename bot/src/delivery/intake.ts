import type { ReceiverEvent } from "@slack/bolt";
import { BotError } from "../errors.ts";
import { eventIdOf, missedIn } from "./event-id.ts";
import { Slots } from "./slots.ts";

/** Slack waits for three seconds and then sends an event again: to know whether it is new may take so long. */
const CLAIM_MS = 2_000;
/** And for a command, a click or a form no longer either: what comes of it is told on another way then. */
const ACK_MS = 2_500;
/** A busy workspace posts some ten messages a second; each is a few requests. */
const AT_ONCE = 32;
/** More than this is minutes of delay: then Slack had better keep it. */
const MOST_WAITING = 1_000;

/** Slack tries again for an hour at most, or for a day where delayed events are on. */
export const EVENT_KEPT_MS = 25 * 60 * 60 * 1000;

/** Events by Slack's ids. */
export interface EventStore {
  /** True for the one who may handle it, of all nodes and all deliveries within a day. */
  claim(eventId: string): Promise<boolean>;
  /** It was not handled after all: the next delivery may. */
  release(eventId: string): Promise<void>;
}

type Process = (event: ReceiverEvent) => Promise<void>;

/**
 * Takes what Slack delivers: events are acknowledged as soon as they are known to be new, and worked on afterwards, a
 * bounded number at a time. What cannot be taken is not acknowledged, so that Slack delivers it again. Commands, clicks
 * and forms go through at once, for their listeners acknowledge them; when it takes them long to get there, it is done here.
 */
export class Intake {
  readonly #events: EventStore;
  readonly #slots: Slots;
  readonly #claimMs: number;
  readonly #ackMs: number;
  readonly #onMissed: (team: string) => Promise<void>;

  constructor(options: {
    events: EventStore;
    /** Told when Slack has kept events of a workspace back. */
    onMissed?: (team: string) => Promise<void>;
    slots?: Slots;
    claimMs?: number;
    ackMs?: number;
  }) {
    this.#events = options.events;
    this.#onMissed = options.onMissed ?? (async () => {});
    this.#ackMs = options.ackMs ?? ACK_MS;
    this.#slots = options.slots ?? new Slots({ atOnce: AT_ONCE, mostWaiting: MOST_WAITING });
    this.#claimMs = options.claimMs ?? CLAIM_MS;
  }

  /** @throws BotError `busy`, and what the store throws: not acknowledged then */
  async take(event: ReceiverEvent, process: Process): Promise<void> {
    const missed = missedIn(event.body);
    if (missed !== null) {
      await event.ack();
      return this.#onMissed(missed);
    }
    const id = eventIdOf(event.body);
    if (id === null) return this.#passOn(event, process);
    if (this.#slots.full) throw busy();
    if (!(await this.#claim(id))) {
      await event.ack();
      return;
    }
    await this.#acknowledge(id, event);
    await this.#slots.run(() => process({ ...event, ack: async () => {} }));
  }

  /** The first word counts: who comes too late with theirs finds that Slack has been told. */
  async #passOn(event: ReceiverEvent, process: Process): Promise<void> {
    let told = false;
    const ack: ReceiverEvent["ack"] = async (answer) => {
      if (told) return;
      told = true;
      clearTimeout(timer);
      await event.ack(answer);
    };
    const timer = setTimeout(() => void ack().catch(() => undefined), this.#ackMs);
    try {
      await process({ ...event, ack });
    } finally {
      clearTimeout(timer);
    }
  }

  /** A claim that comes too late is given back: Slack thinks the event was not taken. */
  async #claim(id: string): Promise<boolean> {
    const claiming = this.#events.claim(id);
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<"late">((resolve) => {
      timer = setTimeout(() => resolve("late"), this.#claimMs);
    });
    const claimed = await Promise.race([claiming, late]).finally(() => clearTimeout(timer));
    if (claimed !== "late") return claimed;
    claiming.then((mine) => (mine ? this.#events.release(id) : undefined)).catch(() => undefined);
    throw busy();
  }

  async #acknowledge(id: string, event: ReceiverEvent): Promise<void> {
    try {
      await event.ack();
    } catch (error) {
      await this.#events.release(id);
      throw error;
    }
  }
}

function busy(): BotError {
  return new BotError("busy", "Too much is going on at the moment. Please try again.", { retryable: true });
}
