import "../styles/code-colours.css";
import { startWorker } from "../app/start-worker.ts";
import { BoundedWorker } from "./bounded-worker.ts";
import highlightWorker from "./highlight-worker.ts?worker&url";
import { type LanguageId, languageId } from "./languages.ts";

/** A stretch of code: plain, or with what it is, one of highlight.js's scopes up to the first dot. */
export type Run = string | readonly [scope: string, text: string];

export interface HighlightTask {
  readonly code: string;
  readonly language: LanguageId;
}

/** Longer code stays plain: its elements would make the page slow. UTF-16 units. */
const MAX_CODE = 100_000;

/** Milliseconds, with the time to fetch the language's grammar. */
const LIMIT = 5_000;

const worker = new BoundedWorker<HighlightTask, readonly Run[]>({
  start: () => startWorker(highlightWorker),
  limit: LIMIT,
});

/** What has been coloured lately: a list that is scrolled shows its messages again and again. */
const kept = new Map<string, Promise<readonly Run[] | null>>();
const MAX_KEPT = 200;

/** Null: this code stays plain, for it is long, takes too long, or its language is not known. */
export function highlight(code: string, name: string): Promise<readonly Run[] | null> {
  const language = languageId(name);
  if (language === null || code.length > MAX_CODE || code.trim() === "") return Promise.resolve(null);
  const key = `${language}\n${code}`;
  const runs = kept.get(key) ?? worker.run({ code, language });
  kept.delete(key);
  kept.set(key, runs);
  const [oldest] = kept.keys();
  if (kept.size > MAX_KEPT && oldest !== undefined) kept.delete(oldest);
  return runs;
}
