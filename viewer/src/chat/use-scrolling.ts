import type { MessageId } from "@openmates-share/client";
import { type ReadonlySignal, signal, useSignalEffect } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { ListView } from "../list/list-view.ts";
import type { RoomModel } from "./room-model.ts";

/** So long a message is marked that somebody was led to. Milliseconds. */
const POINTING = 2_500;

export interface Scrolling {
  readonly view: ListView;
  /** Whether messages came in that are not on the screen. */
  readonly behind: ReadonlySignal<boolean>;
  readonly toEnd: () => void;
}

/**
 * Keeps the screen where the person is: at the message that the link names, at the end of a conversation that goes on,
 * or at the beginning of one that is read. Who is at the end stays there while it grows.
 */
export function useScrolling(
  model: RoomModel,
  { message, startAtEnd }: { message: MessageId | null; startAtEnd: boolean },
): Scrolling {
  // Another message is gone to, not begun anew with.
  const first = useRef({ message, sticksToEnd: startAtEnd });
  const scroller = useMemo(() => new Scroller(model, first.current), [model]);
  useEffect(() => scroller.goTo(message), [scroller, message]);
  useSignalEffect(() => scroller.grown());
  useEffect(() => scroller.start(), [scroller]);
  return scroller;
}

class Scroller implements Scrolling {
  readonly behind = signal(false);
  readonly view: ListView;
  readonly #model: RoomModel;
  /** Where the link leads, until it is found. */
  #wanted: MessageId | null;
  #known = 0;
  #pending = 0;
  #complete = false;
  #pointing: ReturnType<typeof setTimeout> | undefined;

  constructor(model: RoomModel, { message, sticksToEnd }: { message: MessageId | null; sticksToEnd: boolean }) {
    const named = message && model.find(message);
    const { readThrough, messages } = model.state.peek();
    this.#model = model;
    // A link's message is among the first to be loaded, if it is there.
    this.#wanted = named ? message : null;
    // Who has missed something goes on reading where they were.
    const missed = sticksToEnd && readThrough > 0 && readThrough < messages.through ? readThrough : null;
    const row = named ? named.seq - 1 : message ? null : missed;
    const edge = sticksToEnd && !message ? "end" : "top";
    this.view = new ListView({
      length: messages.through,
      start: row === null ? { at: edge } : { at: "row", index: row },
      sticksToEnd,
    });
    if (named) this.view.show(named.seq - 1, { focus: true });
  }

  start(): () => void {
    this.#model.reveal = (id) => this.#reveal(id);
    this.#model.jumpTo = (id) => this.#jumpTo(id);
    this.#model.focusLast = () => this.view.focusLast();
    return this.view.atEnd.subscribe((atEnd) => {
      if (atEnd) this.behind.value = false;
    });
  }

  /** Shows a message, once it is known where it is; nothing happens when there is none of that id. */
  goTo(message: MessageId | null): void {
    if (message === this.#wanted) return;
    this.#wanted = message;
    if (message !== null) this.#show(message);
  }

  #reveal(id: MessageId): void {
    const row = (this.#model.find(id)?.seq ?? 1) - 1;
    const box = this.view.elementOf(row)?.getBoundingClientRect();
    if (!box || box.bottom < 0 || box.top > innerHeight) this.view.show(row);
  }

  #jumpTo(id: MessageId): void {
    this.#wanted = id;
    this.#show(id);
    const { pointed } = this.#model;
    pointed.value = id;
    clearTimeout(this.#pointing);
    this.#pointing = setTimeout(() => {
      pointed.value = null;
    }, POINTING);
  }

  #show(message: MessageId): void {
    this.#model.room.seqOf(message).then(
      (seq) => {
        if (seq !== null && this.#wanted === message) this.view.show(seq - 1, { focus: true });
      },
      // The chat has ended, or was left.
      () => undefined,
    );
  }

  readonly toEnd = (): void => {
    this.behind.value = false;
    this.view.toEnd();
  };

  /** After every change of what there is. */
  grown(): void {
    const { messages, complete } = this.#model.state.value;
    const { through } = messages;
    const pending = this.#model.writtenHere.value;
    // Who has just written wants to see it, wherever they were.
    if (pending > this.#pending) this.view.toEnd();
    else if (this.#complete && through > this.#known && !this.view.atEnd.peek()) this.behind.value = true;
    this.#known = through;
    this.#pending = pending;
    this.#complete = complete;
  }
}
