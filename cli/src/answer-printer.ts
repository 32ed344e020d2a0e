import { type AskId, ClientError, type RoomState } from "@openmates-share/client";
import { type StoredAnswer, storedAnswer } from "./chat/stored-answer.ts";
import { harmless } from "./harmless.ts";
import type { Terminal } from "./terminal.ts";

/** Prints an answer as it grows: what is new of each state, in order. */
export class AnswerPrinter {
  readonly #terminal: Terminal;
  #printed = "";
  #writing: Promise<void> = Promise.resolve();

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  /** Takes news; true when the stored answer has come. @throws ClientError when there will be none */
  take(state: RoomState, ask: AskId): boolean {
    const reply = answerIn(state, ask);
    if (reply) {
      this.#print(reply.text);
      this.#tell(endNote(reply));
      return true;
    }
    if (state.connection === "ended") throw new ClientError("not_found", "This chat has ended.");
    const answer = state.answers.find((candidate) => candidate.ask === ask);
    if (!answer) return false;
    if (answer.state === "running") this.#print(answer.text);
    if (answer.state === "interrupted")
      throw new ClientError("internal", "The answer was cut off. It can be tried again in the chat.");
    if (answer.state === "failed") throw new ClientError("unavailable", answer.reason ?? "There was no answer.");
    return false;
  }

  /** Ends the line and waits for everything to be written. */
  end(): Promise<void> {
    if (this.#printed !== "" && !this.#printed.endsWith("\n")) this.#write("\n");
    this.#printed = "";
    return this.#writing;
  }

  #print(text: string): void {
    // The second half of a character may come with the next piece.
    const whole = harmless(text.replace(/[\ud800-\udbff]$/, ""));
    if (whole.startsWith(this.#printed)) this.#write(whole.slice(this.#printed.length));
    // Begun anew after a failure: what is on the screen stays, and the answer follows whole.
    else this.#write(`\n\n${whole}`);
    this.#printed = whole;
  }

  #write(text: string): void {
    if (text !== "") this.#writing = this.#writing.then(() => this.#terminal.print(text));
  }

  #tell(sentence: string | null): void {
    if (sentence) this.#writing = this.end().then(() => this.#terminal.say(sentence));
  }
}

function answerIn(state: RoomState, ask: AskId): StoredAnswer | null {
  for (const message of state.messages.loaded) {
    const answer = storedAnswer(message);
    if (answer?.ask === ask) return answer;
  }
  return null;
}

function endNote({ ended, demo }: StoredAnswer): string | null {
  if (ended === "stopped") return "Somebody stopped the answer.";
  if (ended === "length") return "The answer reached its greatest length.";
  return demo === null ? null : `This is the built-in demo (${demo}): no model is set up on this server.`;
}
