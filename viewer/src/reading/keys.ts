import { signal } from "@preact/signals";
import { readPreference, writePreference } from "../app/preferences.ts";

/** What single keys do while a chat is read. */
export type KeyAction =
  | "search"
  | "next"
  | "previous"
  | "start"
  | "end"
  | "nextMatch"
  | "previousMatch"
  | "outline"
  | "help"
  | "reply"
  | "edit"
  | "react"
  | "write";

interface Key {
  readonly keys: readonly string[];
  readonly action: KeyAction;
  readonly says: string;
  /** Only for who may write. */
  readonly writing?: true;
}

/** As the help names them, in its order. */
export const KEYS: readonly Key[] = [
  { keys: ["j"], action: "next", says: "Next message" },
  { keys: ["k"], action: "previous", says: "Previous message" },
  { keys: ["g", "g"], action: "start", says: "Beginning of the chat" },
  { keys: ["G"], action: "end", says: "End of the chat" },
  { keys: ["/"], action: "search", says: "Search in this chat" },
  { keys: ["n"], action: "nextMatch", says: "Next match" },
  { keys: ["N"], action: "previousMatch", says: "Previous match" },
  { keys: ["o"], action: "outline", says: "Questions" },
  { keys: ["r"], action: "reply", says: "Reply to this message", writing: true },
  { keys: ["e"], action: "edit", says: "Edit this message, if it is yours", writing: true },
  { keys: ["+"], action: "react", says: "React to this message with an emoji", writing: true },
  { keys: ["c"], action: "write", says: "Write a message", writing: true },
  { keys: ["?"], action: "help", says: "This help" },
];

/** The second key of two has to follow the first one so soon. Milliseconds. */
const TOGETHER = 1_000;

/** Whether single keys do anything: with speech input, or a cat, they do too much (WCAG 2.1.4). */
export const keysOn = signal(readPreference("keys") !== "off");

export function setKeys(on: boolean): void {
  keysOn.value = on;
  writePreference("keys", on ? null : "off");
}

/** Listens for keys on the page; returns what ends it. */
export function followKeys(act: (action: KeyAction) => void, writes: () => boolean = () => false): () => void {
  const reader = new KeyReader();
  const onKeyDown = (event: KeyboardEvent) => {
    if (!keysOn.value || !isMeant(event)) return;
    const action = reader.take(event.key, event.timeStamp);
    if (action === null || (isForWriting(action) && !writes())) return;
    event.preventDefault();
    act(action);
  };
  document.addEventListener("keydown", onKeyDown);
  return () => document.removeEventListener("keydown", onKeyDown);
}

function isForWriting(action: KeyAction): boolean {
  return KEYS.some((key) => key.action === action && key.writing);
}

/** Turns keys into what they mean, one after the other. */
export class KeyReader {
  #first: { readonly key: string; readonly time: number } | null = null;

  /** `time` in milliseconds, of any clock. Null for a key that means nothing, or nothing yet. */
  take(key: string, time: number): KeyAction | null {
    const first = this.#first;
    this.#first = null;
    if (first && first.key === key && time - first.time <= TOGETHER) return actionOf([key, key]);
    const alone = actionOf([key]);
    if (alone === null && actionOf([key, key]) !== null) this.#first = { key, time };
    return alone;
  }
}

function actionOf(keys: readonly string[]): KeyAction | null {
  return KEYS.find((known) => known.keys.join(" ") === keys.join(" "))?.action ?? null;
}

/** Not while somebody types, not with a modifier that makes it the browser's key, and not under a dialog. */
function isMeant(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return false;
  if (document.querySelector("dialog[open]")) return false;
  const { target } = event;
  if (!(target instanceof HTMLElement)) return true;
  return !target.isContentEditable && target.closest("input, textarea, select") === null;
}
