import { type AskId, LIMITS, type MessageId } from "@openmates-share/protocol/wire";
import { ClientError } from "./errors.ts";
import type { Room } from "./room.ts";
import type { RoomInside } from "./room-inside.ts";
import type { RoomMessage, RoomState } from "./room-state.ts";

/** A message of somebody else's that asks this member's own model (SPEC A12). */
export interface AskedOfMember {
  readonly ask: AskId;
  readonly message: MessageId;
  /** What its writer lets go along. */
  readonly along: readonly MessageId[];
}

export interface AnsweringSetup {
  readonly room: RoomInside;
  readonly subscribe: Room["subscribe"];
  /** Begins an answer. @throws ClientError */
  readonly answer: (asked: AskedOfMember) => Promise<void>;
}

/**
 * Answers what others ask a model of one's own, as it is written: what was asked before is left to whoever asked, who has
 * gone on without it. Of several devices of one member the first one answers; the server refuses the others (SPEC I5).
 */
export class AnsweringOthers {
  readonly #setup: AnsweringSetup;
  readonly #unsubscribe: () => void;
  /** What is behind that number is answered. */
  #after: number;
  #stopped = false;

  constructor(setup: AnsweringSetup) {
    this.#setup = setup;
    this.#after = setup.room.history.through;
    this.#unsubscribe = setup.subscribe((state) => this.#look(state));
  }

  stop(): void {
    this.#stopped = true;
    this.#unsubscribe();
  }

  /** Whatever is new and here, in order; a gap is filled before what is behind it is looked at. */
  #look({ messages, me }: RoomState): void {
    // Missed by a whole page, it was asked too long ago, and is not brought.
    this.#after = Math.max(this.#after, messages.through - LIMITS.pageMessages);
    for (let next = messages.at(this.#after + 1); next && !this.#stopped; next = messages.at(this.#after + 1)) {
      this.#after = next.seq;
      const asked = next.sender === me ? null : askedOf(next, me);
      if (asked) void this.#answer(asked);
    }
  }

  async #answer(asked: AskedOfMember): Promise<void> {
    try {
      await this.#setup.answer(asked);
    } catch (error) {
      // Answered elsewhere, too much at once, not for models any more, or offline: the asker sees that nobody answers.
      if (!(error instanceof ClientError)) throw error;
    }
  }
}

function askedOf({ id, body }: RoomMessage, me: RoomState["me"]): AskedOfMember | null {
  if (body.type !== "content" || body.content.type !== "message" || body.copied) return null;
  const { asks } = body.content;
  return asks && asks.of === me ? { ask: asks.ask, message: id, along: asks.along } : null;
}
