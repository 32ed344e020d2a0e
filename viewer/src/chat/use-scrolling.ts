import type { MessageId } from "@openmates-share/client";
import { type ReadonlySignal, signal, useSignalEffect } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import { ListView } from "../list/list-view.ts";
import type { RoomModel } from "./room-model.ts";

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
  const scroller = useMemo(() => new Scroller(model, { message, startAtEnd }), [model, message, startAtEnd]);
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

  constructor(model: RoomModel, options: { message: MessageId | null; startAtEnd: boolean }) {
    const { message, startAtEnd } = options;
    this.#model = model;
    this.#wanted = message;
    this.view = new ListView({
      length: model.messages.peek().length,
      start: startAtEnd && !message ? { at: "end" } : { at: "top" },
      sticksToEnd: startAtEnd,
    });
  }

  start(): () => void {
    return this.view.atEnd.subscribe((atEnd) => {
      if (atEnd) this.behind.value = false;
    });
  }

  readonly toEnd = (): void => {
    this.behind.value = false;
    this.view.toEnd();
  };

  /** After every change of what there is. */
  grown(): void {
    const { pending } = this.#model.state.value;
    const messages = this.#model.messages.value;
    const complete = this.#model.complete.value;
    // Who has just written wants to see it, wherever they were.
    if (pending.length > this.#pending) this.view.toEnd();
    else if (this.#complete && messages.length > this.#known && !this.view.atEnd.peek()) this.behind.value = true;
    this.#known = messages.length;
    this.#pending = pending.length;
    this.#complete = complete;
    if (this.#wanted) this.#find(this.#wanted, complete);
  }

  #find(id: MessageId, complete: boolean): void {
    const index = this.#model.messages.value.findIndex((message) => message.id === id);
    // The rows get their place after this change is on the page.
    if (index >= 0) requestAnimationFrame(() => this.#show(index, id));
    // Until all is here, what comes in front moves it.
    if (complete) this.#wanted = null;
  }

  #show(index: number, id: MessageId): void {
    this.view.show(index);
    requestAnimationFrame(() => document.getElementById(`message-${id}`)?.focus({ preventScroll: true }));
  }
}
