import { type Answer, type AskId, MATE_NAME, type RoomState } from "@openmates-share/client";
import { harmless, harmlessLine } from "../harmless.ts";
import { note, ownModelOf } from "./chat-lines.ts";

/** What has become of an answer: whole lines to keep, and the one that still grows. */
export interface Grown {
  readonly lines: readonly string[];
  readonly growing: string | null;
}

/** One answer as it comes in, each line once; another one that runs beside it is shown when it is stored. */
export class AnswerStream {
  #ask: AskId | null = null;
  /** What was given out as whole lines. */
  #given = "";
  readonly #failed = new Set<AskId>();

  take(state: Pick<RoomState, "answers" | "people" | "me">): Grown {
    const { answers } = state;
    const lines = answers.flatMap((answer) => this.#failure(answer) ?? []);
    const running = answers.find(({ ask, state }) => state === "running" && (this.#ask === null || ask === this.#ask));
    if (!running) return { lines, growing: null };
    // The second half of a character may come with the next piece.
    const text = harmless(running.text.replace(/[\ud800-\udbff]$/, ""));
    // Begun anew after a failure.
    if (this.#ask !== running.ask || !text.startsWith(this.#given)) this.#begin(running.ask);
    const whole = text.slice(this.#given.length, text.lastIndexOf("\n") + 1);
    const who = running.by === null ? MATE_NAME : ownModelOf(running.by, state);
    if (this.#given === "" && whole !== "") lines.push(`${who}:`);
    if (whole !== "") lines.push(indented(whole.slice(0, -1)));
    this.#given += whole;
    const rest = text.slice(this.#given.length);
    return { lines, growing: this.#given === "" ? `${who}: ${rest}` : `  ${rest}` };
  }

  /** What a stored answer adds to what was shown; null for one of which nothing was. */
  finish({ ask, text, seq }: { ask: AskId; text: string; seq: number }): string | null {
    if (ask !== this.#ask) return null;
    const given = this.#given;
    this.#ask = null;
    this.#given = "";
    const whole = harmless(text).trimEnd();
    if (given === "" || !`${whole}\n`.startsWith(given)) return null;
    const rest = whole.slice(given.length);
    return [...(rest === "" ? [] : [indented(rest)]), note(`That was [${seq}].`)].join("\n");
  }

  /** That there is none, once for each try. */
  #failure({ ask, by, state, reason }: Answer): string | null {
    if (state === "running") this.#failed.delete(ask);
    if (state === "running" || this.#failed.has(ask)) return null;
    this.#failed.add(ask);
    const why = state === "failed" ? (reason ?? "There was no answer.") : "The answer was cut off.";
    // What somebody asked of a model of their own is theirs to try again.
    return note(by === null ? `${harmlessLine(why)} Try again: /again` : harmlessLine(why));
  }

  #begin(ask: AskId): void {
    this.#ask = ask;
    this.#given = "";
  }
}

function indented(text: string): string {
  return text.replace(/^(?=.)/gm, "  ");
}
