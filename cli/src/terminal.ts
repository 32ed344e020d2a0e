import { once } from "node:events";
import { createInterface, type Interface } from "node:readline/promises";
import { Writable } from "node:stream";
import { Screen } from "./chat/screen.ts";
import { harmless, harmlessLine } from "./harmless.ts";
import { UsageError } from "./usage-error.ts";

interface Output extends NodeJS.WritableStream {
  readonly isTTY?: boolean;
}
interface Input extends NodeJS.ReadableStream {
  readonly isTTY?: boolean;
}

/** The world of a command: its streams, its environment, and whether it should end. */
export interface TerminalSetup {
  readonly stdin: Input;
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  /** Aborts it. */
  readonly interrupt: () => void;
}

/** Passwords and links are short; what is longer is a file by mistake. */
const LONGEST_LINE = 64 * 1024;

/** Results go to stdout and everything else to stderr, so that a result can be used by the next command. */
export class Terminal {
  readonly env: TerminalSetup["env"];
  readonly signal: AbortSignal;
  readonly #setup: TerminalSetup;
  #readFor: string | null = null;

  constructor(setup: TerminalSetup) {
    this.#setup = setup;
    this.env = setup.env;
    this.signal = setup.signal;
  }

  /** Whether somebody is there to be asked. */
  get interactive(): boolean {
    return this.#setup.stdin.isTTY === true && this.#setup.stderr.isTTY === true && this.#readFor === null;
  }

  /** Writes a part of the result as it stands; the caller has made it harmless. */
  print(text: string): Promise<void> {
    return written(this.#setup.stdout, text);
  }

  /** Tells the person something, on a line of its own. */
  async say(sentence: string): Promise<void> {
    await written(this.#setup.stderr, `${harmless(sentence)}\n`);
  }

  /** A line that the next one replaces; only for people. */
  async progress(sentence: string): Promise<void> {
    if (this.#setup.stderr.isTTY) await written(this.#setup.stderr, `\r\u001b[K${harmlessLine(sentence)}`);
  }

  async endProgress(): Promise<void> {
    if (this.#setup.stderr.isTTY) await written(this.#setup.stderr, "\r\u001b[K");
  }

  /** All of stdin, as bytes. @throws UsageError when something else has been read from it */
  async readInput(what: string): Promise<Buffer> {
    if (this.#readFor !== null) {
      throw new UsageError(`The ${this.#readFor} and the ${what} can't both come from standard input.`);
    }
    this.#readFor = what;
    const chunks: Buffer[] = [];
    for await (const chunk of this.#untilAborted()) chunks.push(chunk);
    return Buffer.concat(chunks);
  }

  /** Stdin as one line. @throws UsageError when there is none, or more than one */
  async readLine(what: string): Promise<string> {
    const bytes = await this.readInput(what);
    const text = bytes.length > LONGEST_LINE ? "\n\n" : bytes.toString("utf8");
    const line = text.replace(/\r?\n$/, "");
    if (line === "") throw new UsageError(`There is no ${what} on standard input.`);
    if (/[\r\n]/.test(line)) throw new UsageError(`There is more than one line on standard input; the ${what} is one.`);
    return line;
  }

  /** Whether what is printed is shown to somebody, and not read by a program. */
  get shown(): boolean {
    return this.#setup.stdout.isTTY === true;
  }

  /** Whether input comes out of a pipe or a file. */
  get piped(): boolean {
    return this.#setup.stdin.isTTY !== true;
  }

  /** A line to write on beneath what is said; close it before anything else is asked. */
  screen(on: { onLine: (line: string) => void; onInterrupt: () => void; onClose: () => void }): Screen {
    const { stdin, stdout, stderr } = this.#setup;
    return new Screen({ input: stdin, results: stdout, prompts: stderr, ...on });
  }

  /** Asks the person; what they type is not shown with `hidden`. @throws UsageError when they end the input instead */
  async ask(question: string, { hidden = false } = {}): Promise<string> {
    const { stdin, stderr, interrupt } = this.#setup;
    // Readline writes back what is typed; for a password it writes to nowhere.
    const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
    const lines = createInterface({ input: stdin, output: hidden ? nowhere : stderr, terminal: true });
    // A terminal in raw mode sends Ctrl-C as a character, not as a signal.
    lines.on("SIGINT", interrupt);
    try {
      if (hidden) await written(stderr, question);
      return await Promise.race([lines.question(hidden ? "" : question, { signal: this.signal }), closed(lines)]);
    } catch (cause) {
      // Ctrl-D; after Ctrl-C nobody reads this.
      throw new UsageError("There was no answer.", { cause });
    } finally {
      lines.close();
      if (hidden) await written(stderr, "\n");
    }
  }

  async *#untilAborted(): AsyncGenerator<Buffer> {
    const { stdin } = this.#setup;
    const stop = () => (stdin as NodeJS.ReadableStream & { destroy?: () => void }).destroy?.();
    this.signal.addEventListener("abort", stop, { once: true });
    try {
      for await (const chunk of stdin) yield typeof chunk === "string" ? Buffer.from(chunk) : chunk;
    } finally {
      this.signal.removeEventListener("abort", stop);
    }
  }
}

function written(stream: Output, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(text, (error) => (error ? reject(error) : resolve()));
  });
}

/** Readline leaves a question unanswered for ever when its input ends. */
async function closed(lines: Interface): Promise<never> {
  await once(lines, "close");
  throw new Error("The input has ended.");
}
