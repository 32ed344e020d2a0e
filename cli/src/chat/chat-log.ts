import type { RoomMessage, RoomState } from "@openmates-share/client";
import { messageLines, nameOf, note } from "./chat-lines.ts";

/** What is new of a chat, as lines: each message once, in order; who comes and goes; whether the line stands. */
export class ChatLog {
  /** The number of the next message to show. */
  #next: number;
  #present: ReadonlySet<string> | null = null;
  #connection: RoomState["connection"] | null = null;
  #closed: boolean | null = null;
  #handedOver = false;

  readonly #replyLines: (message: RoomMessage) => string | null;

  /** @param options.replyLines what to show of a stored answer of which a part was shown already; null for all of it */
  constructor(options: { from: number; replyLines?: (message: RoomMessage) => string | null }) {
    this.#next = Math.max(options.from, 1);
    this.#replyLines = options.replyLines ?? (() => null);
  }

  /** The first message that is there to be shown and was not loaded; null when all can be shown. */
  missing({ messages }: Pick<RoomState, "messages">): number | null {
    for (let seq = this.#next; seq <= messages.through; seq++) if (!messages.at(seq)) return seq;
    return null;
  }

  /** Ends in front of a message that is not here yet. */
  take(state: RoomState): string[] {
    return [...this.#messages(state), ...this.#presence(state), ...this.#line(state)];
  }

  #messages(state: RoomState): string[] {
    const lines: string[] = [];
    for (let message = state.messages.at(this.#next); message; message = state.messages.at(this.#next)) {
      const line = this.#replyLines(message) ?? messageLines(message, state);
      if (line !== "") lines.push(line);
      this.#next++;
    }
    return lines;
  }

  #presence(state: RoomState): string[] {
    const { people, me, connection } = state;
    // While the line is down nobody is known to be here.
    if (connection !== "live") return [];
    const here = people.filter(({ present, sender }) => present && sender !== me).map(({ sender }) => sender);
    const before = this.#present;
    this.#present = new Set(here);
    if (before === null) return [];
    const known = new Set(people.map(({ sender }) => sender));
    const came = here
      .filter((sender) => !before.has(sender))
      .map((sender) => note(`${nameOf(sender, state)} is here.`));
    const left = people
      .filter(({ sender }) => before.has(sender) && !here.includes(sender) && known.has(sender))
      .map(({ sender }) => note(`${nameOf(sender, state)} has left.`));
    return [...came, ...left];
  }

  #line({ connection, closed, handedOver }: RoomState): string[] {
    const lines: string[] = [];
    const before = this.#connection;
    this.#connection = connection;
    if (connection === "offline" && before !== "offline") lines.push(note("The line is down; trying again."));
    if (connection === "live" && before === "offline") lines.push(note("The line is back."));
    if (this.#closed !== null && closed !== this.#closed) {
      lines.push(note(closed ? "The owner closed this chat to writing." : "The owner opened this chat to writing."));
    }
    this.#closed = closed;
    if (handedOver && !this.#handedOver) {
      lines.push(note("This chat has a new owner. Open it again to see who, and to check their seal."));
    }
    this.#handedOver = handedOver;
    return lines;
  }
}

/** Who is in the chat now, in a sentence. */
export function whoIsHere(state: Pick<RoomState, "people" | "me">): string {
  const names = state.people.filter(({ present }) => present).map(({ sender }) => nameOf(sender, state));
  return names.length === 0 ? "Nobody else is here." : `Here: ${names.join(", ")}.`;
}
