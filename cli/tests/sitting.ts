import { EventEmitter, once } from "node:events";
import { PassThrough } from "node:stream";
import { stripVTControlCharacters } from "node:util";
import { run } from "../src/program.ts";

/** Longer than a busy machine takes for anything. Milliseconds. */
const PATIENCE = 90_000;

/** Somebody at a terminal, who reads what stands there and types. */
export class Sitting {
  readonly #stdin = Object.assign(new PassThrough(), { isTTY: true });
  readonly #news = new EventEmitter();
  /** All that was written to the screen so far, without what moves about on it. */
  screen = "";
  /** What the process would end with. */
  readonly done: Promise<number>;

  constructor(args: readonly string[], env: Readonly<Record<string, string>>) {
    const stream = () => {
      const output = Object.assign(new PassThrough(), { isTTY: true });
      output.on("data", (chunk: Buffer) => {
        this.screen += stripVTControlCharacters(chunk.toString());
        this.#news.emit("news");
      });
      return output;
    };
    const interrupt = new AbortController();
    this.done = run(args, {
      stdin: this.#stdin,
      stdout: stream(),
      stderr: stream(),
      env,
      signal: interrupt.signal,
      interrupt: () => interrupt.abort(),
    });
  }

  /** Resolves when that is on the screen, behind what was waited for before. @throws Error that says what is there instead */
  async sees(text: string | RegExp): Promise<void> {
    const deadline = AbortSignal.timeout(PATIENCE);
    for (;;) {
      const found = typeof text === "string" ? this.screen.indexOf(text) : this.screen.search(text);
      if (found >= 0) {
        this.screen = this.screen.slice(found);
        return;
      }
      await once(this.#news, "news", { signal: deadline }).catch((cause: unknown) => {
        throw new Error(`${text} did not come; there is ${JSON.stringify(this.screen)}`, { cause });
      });
    }
  }

  type(line: string): void {
    this.#stdin.write(`${line}\r`);
  }

  ctrlC(): void {
    this.#stdin.write("\u0003");
  }
}
