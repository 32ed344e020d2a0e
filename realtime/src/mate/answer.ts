import type { Category, ContextEntry } from "@openmates-share/protocol/wire";
import type { Model, ModelEnd } from "./model.ts";
import type { ModelError as AnyModelError } from "./model-error.ts";
import { ModelError } from "./model-error.ts";
import { asModelError } from "./provider-error.ts";
import { ReplyText } from "./reply-text.ts";

/** Why somebody ended an answer before the model did: a person, or this server (stopping, or given up by the others). */
export type AbortReason = "stopped" | "interrupted";

/** How an attempt at an answer ended. */
export type Outcome =
  | { readonly type: "answered"; readonly text: string; readonly ended: ModelEnd | "stopped" }
  /** A person ended it before its first word: there is nothing to store, and it may be tried again. */
  | { readonly type: "stopped" }
  /** Nothing that could be stored; it may be tried again. */
  | { readonly type: "interrupted" }
  | { readonly type: "failed"; readonly error: AnyModelError };

export interface AnswerOptions {
  readonly model: Model;
  readonly context: readonly ContextEntry[];
  readonly category: Category | null;
  /** Gets every piece of text, in order. */
  readonly write: (text: string) => void;
  /** Ends the answer; the reason is an AbortReason. */
  readonly signal: AbortSignal;
  /** Without a sign of life for so long, the model counts as stalled. */
  readonly patienceMs: number;
}

/** Lets a model answer, and watches that it gets on. Never throws: whatever happens is an outcome. */
export async function answer(options: AnswerOptions): Promise<Outcome> {
  const reply = new ReplyText();
  const stalled = new AbortController();
  const signal = AbortSignal.any([options.signal, stalled.signal]);
  const pieces = options.model.stream({ context: options.context, category: options.category, signal });
  try {
    const ended = await readAll({ ...options, pieces, signal, reply, stall: () => stalled.abort() });
    if (reply.text.trim() === "") throw new ModelError("empty", "The model gave an empty answer. Please try again.");
    return { type: "answered", text: reply.text, ended };
  } catch (error) {
    // A model that does not listen to its signal must not hold anybody up; it is told to end and not waited for.
    void pieces.return("complete").catch(() => {});
    return outcomeOf({ error, reply: reply.text, aborted: options.signal, stalled: stalled.signal });
  }
}

async function readAll(options: {
  pieces: AsyncGenerator<string, ModelEnd, void>;
  write: (text: string) => void;
  signal: AbortSignal;
  reply: ReplyText;
  stall: () => void;
  patienceMs: number;
}): Promise<ModelEnd> {
  const { pieces, write, signal, reply, stall, patienceMs } = options;
  const aborted = rejectedBy(signal);
  for (;;) {
    const timer = setTimeout(stall, patienceMs);
    const step = await Promise.race([pieces.next(), aborted]).finally(() => clearTimeout(timer));
    if (step.done) return step.value;
    const room = reply.add(step.value);
    if (room) write(room);
    if (room.length < step.value.length) {
      void pieces.return("length").catch(() => {});
      return "length";
    }
  }
}

function outcomeOf(options: { error: unknown; reply: string; aborted: AbortSignal; stalled: AbortSignal }): Outcome {
  const { error, reply, aborted, stalled } = options;
  if (aborted.aborted) {
    if (aborted.reason !== ("stopped" satisfies AbortReason)) return { type: "interrupted" };
    // An empty reply would say nothing to anybody: then the ask can be tried again instead.
    return reply.trim() === "" ? { type: "stopped" } : { type: "answered", text: reply, ended: "stopped" };
  }
  if (stalled.aborted) {
    return { type: "failed", error: new ModelError("stalled", "The model stopped answering. Please try again.") };
  }
  return { type: "failed", error: asModelError(error) };
}

/** A promise that rejects when the signal aborts; nobody need listen to it. */
function rejectedBy(signal: AbortSignal): Promise<never> {
  const rejected = new Promise<never>((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
  rejected.catch(() => {});
  return rejected;
}
