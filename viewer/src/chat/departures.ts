import { ClientError, type FilePart, type ImagePart, type MessageId, type Room } from "@openmates-share/client";
import { effect, signal } from "@preact/signals";
import type { Attachments } from "../embed/attachments.ts";
import { keepOpen } from "./kept-open.ts";

/** A message that was sent while its files were still being uploaded. */
export interface Departure {
  readonly id: number;
  readonly room: Room;
  readonly text: string;
  readonly replyTo: MessageId | null;
  readonly attachments: Attachments;
}

/** Pictures and files of a message, which may be sent while they are still on their way to the server. */
export interface Files {
  /** @throws ClientError `aborted` when the message was taken back meanwhile */
  readonly parts: Promise<readonly (ImagePart | FilePart)[]>;
  /** Called once the message waits with the others, or was refused. */
  readonly sent: () => void;
}

/**
 * All such messages of this page, in the order in which they were sent. They go on when one goes to another screen; that
 * closing the tab would end them is said by the browser.
 */
export class Departures {
  readonly list = signal<readonly Departure[]>([]);
  #lastId = 0;

  /** Takes a message over, with its files; it goes out once they are there, after those that were sent before it. */
  add(message: Omit<Departure, "id">): Files {
    this.#lastId += 1;
    const departure = { ...message, id: this.#lastId };
    this.list.value = [...this.list.value, departure];
    addEventListener("beforeunload", askToStay);
    const gone = until(() => !this.holds(departure.attachments));
    keepOpen(departure.room, gone);
    return { parts: this.#partsOf(departure), sent: () => this.#remove(departure) };
  }

  holds(attachments: Attachments): boolean {
    return this.list.value.some((departure) => departure.attachments === attachments);
  }

  /** Ends the uploads, and the message is not sent. */
  cancel(departure: Departure): void {
    this.#remove(departure);
    departure.attachments.stop();
  }

  async #partsOf(departure: Departure): Promise<readonly (ImagePart | FilePart)[]> {
    const { attachments, text } = departure;
    await until(() => !this.holds(attachments) || (attachments.ready.value && this.#isNext(departure)));
    // All of its files may have been taken off it.
    if (text === "" && attachments.list.value.length === 0) this.#remove(departure);
    if (!this.holds(attachments)) throw new ClientError("aborted", "The message was discarded.");
    return attachments.take();
  }

  /** Files that could not be uploaded hold nothing else up. */
  #isNext(departure: Departure): boolean {
    const before = this.list.value.slice(0, this.list.value.indexOf(departure));
    return before.every(({ room, attachments }) => room.chat !== departure.room.chat || attachments.failed.value);
  }

  #remove(departure: Departure): void {
    this.list.value = this.list.value.filter((other) => other !== departure);
    if (this.list.value.length === 0) removeEventListener("beforeunload", askToStay);
  }
}

/** One for the page: it outlives the screens. */
export const departures = new Departures();

function askToStay(event: Event): void {
  event.preventDefault();
}

/** Resolves once it holds. */
function until(holds: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const stop = effect(() => {
      if (!holds()) return;
      queueMicrotask(() => {
        stop();
        resolve();
      });
    });
  });
}
