import type { MessageId } from "@openmates-share/client";
import { type ReadonlySignal, signal, useSignalEffect } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import type { RoomModel } from "./room-model.ts";

/** So near the end counts as being there. CSS pixels. */
const NEAR = 160;

/**
 * Keeps the screen where the person is: at the message that the link names, at the end of a conversation that goes on,
 * or at the beginning of one that is read. Who is at the end stays there while it grows.
 */
export function useScrolling(
  model: RoomModel,
  { message, startAtEnd }: { message: MessageId | null; startAtEnd: boolean },
): { behind: ReadonlySignal<boolean>; toEnd: () => void } {
  const scroller = useMemo(() => new Scroller({ message, startAtEnd }), [message, startAtEnd]);
  useEffect(() => scroller.start(), [scroller]);
  useSignalEffect(() => {
    const { messages, complete, pending, answers } = model.state.value;
    const growing = answers.map(({ text }) => text.length).join();
    scroller.grown({
      complete,
      key: `${messages.length} ${pending.length} ${growing}`,
      messages: messages.length,
      pending: pending.length,
    });
  });
  return { behind: scroller.behind, toEnd: scroller.toEnd };
}

interface Shown {
  readonly complete: boolean;
  /** Differs whenever something has grown. */
  readonly key: string;
  readonly messages: number;
  readonly pending: number;
}

class Scroller {
  readonly behind = signal(false);
  readonly #message: MessageId | null;
  readonly #startAtEnd: boolean;
  #settled = false;
  #atEnd = false;
  #shown: Shown = { complete: false, key: "", messages: 0, pending: 0 };

  constructor(options: { message: MessageId | null; startAtEnd: boolean }) {
    this.#message = options.message;
    this.#startAtEnd = options.startAtEnd;
  }

  start(): () => void {
    const look = () => {
      this.#atEnd = innerHeight + scrollY >= document.documentElement.scrollHeight - NEAR;
      if (this.#atEnd) this.behind.value = false;
    };
    addEventListener("scroll", look, { passive: true });
    return () => removeEventListener("scroll", look);
  }

  readonly toEnd = (): void => {
    this.behind.value = false;
    scrollTo({ top: document.documentElement.scrollHeight });
  };

  /** After every change of what is shown; the elements are there one frame later. */
  grown({ complete, key, messages, pending }: Shown): void {
    if (key === this.#shown.key) return;
    const more = messages > this.#shown.messages;
    // Who has just written wants to see it, wherever they were.
    if (pending > this.#shown.pending) this.#atEnd = true;
    this.#shown = { complete, key, messages, pending };
    requestAnimationFrame(() => requestAnimationFrame(() => this.#follow({ complete, more })));
  }

  #follow({ complete, more }: { complete: boolean; more: boolean }): void {
    if (!this.#settled) {
      this.#settled = this.#settle(complete);
      return;
    }
    if (this.#atEnd && this.#startAtEnd) this.toEnd();
    else if (more) this.behind.value = !this.#fits();
  }

  /** Returns whether the first position is found. */
  #settle(complete: boolean): boolean {
    if (this.#message) {
      const element = document.getElementById(`message-${this.#message}`);
      element?.scrollIntoView({ block: "center" });
      element?.focus({ preventScroll: true });
      if (element) return true;
    } else if (this.#startAtEnd && complete) {
      this.toEnd();
      this.#atEnd = true;
    }
    return complete;
  }

  #fits(): boolean {
    return innerHeight + scrollY >= document.documentElement.scrollHeight - NEAR;
  }
}
