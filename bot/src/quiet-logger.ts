import { type Logger, LogLevel } from "@slack/bolt";
import { cutFragments } from "./firewall/cut-fragments.ts";

const SEVERITY: Readonly<Record<LogLevel, number>> = {
  [LogLevel.DEBUG]: 0,
  [LogLevel.INFO]: 1,
  [LogLevel.WARN]: 2,
  [LogLevel.ERROR]: 3,
};

/**
 * What Bolt and Slack's clients log through. At debug level they print whole payloads and requests: messages, links,
 * tokens, the form's password. So this keeps what a line is about and drops what it quotes, and then cuts fragments
 * once more.
 */
export class QuietLogger implements Logger {
  readonly #write: (line: string) => void;
  #level: LogLevel;

  constructor(options: { level: LogLevel; write: (line: string) => void }) {
    this.#level = options.level;
    this.#write = options.write;
  }

  debug(...parts: unknown[]): void {
    this.#log(LogLevel.DEBUG, parts);
  }

  info(...parts: unknown[]): void {
    this.#log(LogLevel.INFO, parts);
  }

  warn(...parts: unknown[]): void {
    this.#log(LogLevel.WARN, parts);
  }

  error(...parts: unknown[]): void {
    this.#log(LogLevel.ERROR, parts);
  }

  setLevel(level: LogLevel): void {
    this.#level = level;
  }

  getLevel(): LogLevel {
    return this.#level;
  }

  /** Every library names itself on this shared logger; the lines say enough without it. */
  setName(): void {}

  #log(level: LogLevel, parts: readonly unknown[]): void {
    if (SEVERITY[level] < SEVERITY[this.#level]) return;
    this.#write(`bot ${level} ${parts.map(describe).filter(Boolean).join(" ")}`);
  }
}

function describe(part: unknown): string {
  if (typeof part === "string") return withoutQuotes(part);
  if (part instanceof Error) return describeError(part);
  return typeof part === "number" || typeof part === "boolean" ? String(part) : "";
}

/** Name, code and the message up to what it quotes; no stack, whose first line is the message again. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return "something that is not an error";
  const code = "code" in error && typeof error.code === "string" ? ` ${error.code}` : "";
  return `${error.name}${code}: ${withoutQuotes(error.message)}`;
}

/** Payloads begin with a brace, a bracket or a quotation mark, or follow "body" or "payload"; JSON errors quote their input. */
function withoutQuotes(text: string): string {
  const line =
    text.split(/[{["\n\r]|\b(?:body|payload|message on the WebSocket|will ignore\)|WebSocket message):/u, 1)[0] ?? "";
  return cutFragments(line).trim().slice(0, 300);
}
