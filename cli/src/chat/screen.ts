import { clearScreenDown, createInterface, cursorTo, type Interface, moveCursor } from "node:readline";

interface Stream extends NodeJS.WritableStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/**
 * A line to write on, at the foot of a terminal, with everything else above it. What goes into a pipe goes there as it
 * stands.
 */
export class Screen {
  readonly #lines: Interface;
  readonly #results: Stream;
  readonly #prompts: Stream;
  #growing: string | null = null;
  #answer: ((line: string) => void) | null = null;
  #closed = false;

  /** @param setup.onLine is not called with the answer to a question */
  constructor(setup: {
    input: NodeJS.ReadableStream;
    /** Where what is said goes. */
    results: Stream;
    /** Where one writes. */
    prompts: Stream;
    onLine: (line: string) => void;
    onInterrupt: () => void;
    onClose: () => void;
  }) {
    this.#results = setup.results;
    this.#prompts = setup.prompts;
    this.#lines = createInterface({ input: setup.input, output: setup.prompts, terminal: true, prompt: "> " });
    this.#lines.on("line", (line) => {
      const answer = this.#answer;
      this.#answer = null;
      if (answer) answer(line);
      else setup.onLine(line);
      if (!this.#closed) this.#lines.prompt();
    });
    // A terminal in raw mode sends Ctrl-C as a character, not as a signal.
    this.#lines.on("SIGINT", setup.onInterrupt);
    this.#lines.on("close", () => {
      if (!this.#closed) setup.onClose();
      this.#closed = true;
    });
    this.#lines.prompt();
  }

  /** Shows lines, and beneath them what still grows. Harmless text only. */
  show(lines: readonly string[], growing: string | null = this.#growing): void {
    if (this.#closed) return;
    const text = lines.map((line) => `${line}\n`).join("");
    if (text === "" && growing === this.#growing) return;
    if (!this.#results.isTTY) {
      this.#results.write(text);
      return;
    }
    this.#clear();
    this.#results.write(text);
    this.#growing = growing;
    if (growing !== null) this.#results.write(`${this.#cut(growing)}\n`);
    this.#lines.prompt(true);
  }

  /** What stands on the line goes back there afterwards. */
  ask(question: string): Promise<string> {
    return new Promise((resolve) => {
      this.#answer = (line) => {
        this.#lines.setPrompt("> ");
        resolve(line);
      };
      this.#lines.setPrompt(question);
      this.#lines.prompt();
    });
  }

  /** May be called twice. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#clear();
    this.#lines.close();
  }

  #clear(): void {
    const up = this.#lines.getCursorPos().rows + (this.#growing === null ? 0 : 1);
    moveCursor(this.#prompts, 0, -up);
    cursorTo(this.#prompts, 0);
    clearScreenDown(this.#prompts);
    // Readline would go up as many rows as its line had, though it stands elsewhere now; there is no other way to tell it.
    (this.#lines as Interface & { prevRows?: number }).prevRows = 0;
  }

  /** One row at most, so that it is known how far up it stands. */
  #cut(line: string): string {
    const columns = this.#results.columns ?? 80;
    const characters = [...line];
    return characters.length < columns ? line : `…${characters.slice(-(columns - 2)).join("")}`;
  }
}
