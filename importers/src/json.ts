import * as v from "valibot";
import { ImportError } from "./import-error.ts";

export type JsonRecord = Readonly<Record<string, unknown>>;

export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A field of a record: its own, for a hostile file may name any that objects inherit. */
export function field(record: JsonRecord, name: string): unknown {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}

export const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
export const string = (value: unknown): string => (typeof value === "string" ? value : "");
export const record = (value: unknown): JsonRecord => (isRecord(value) ? value : {});

/** Exports change their shapes without notice: what is missing or of another type is as if it said nothing. */
export const lenient = {
  string: v.fallback(v.string(), ""),
  nullableString: v.fallback(v.nullable(v.string()), null),
  boolean: v.fallback(v.boolean(), false),
  list: v.fallback(v.array(v.unknown()), []),
  record: v.fallback(v.custom<JsonRecord>(isRecord), {}),
} as const;

/**
 * The value of a JSON text, or of JSON lines as a list; undefined when it is neither.
 *
 * @throws ImportError `damaged_json` instead of undefined with `mustBe`
 */
export function readJson(text: string, { mustBe }: { mustBe: boolean }): unknown {
  const begins = /^\s*[[{]/.test(text);
  const value = begins ? parse(text) : undefined;
  if (value !== undefined) return value;
  const lines = begins ? parseLines(text) : undefined;
  if (lines !== undefined || !mustBe) return lines;
  throw new ImportError(
    "damaged_json",
    "This file is not valid JSON; it may be damaged or cut off. Please download or unpack it again.",
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function parseLines(text: string): unknown[] | undefined {
  const values: unknown[] = [];
  for (const line of text.split("\n")) {
    if (line.trim() === "") continue;
    const value = parse(line);
    if (!isRecord(value)) return undefined;
    values.push(value);
  }
  return values.length > 0 ? values : undefined;
}

/** JSON that is larger or deeper than people look through is not indented: the indentation would be most of it. */
const INDENTED_CHARACTERS = 200_000;
const INDENTED_DEPTH = 20;

/** JSON for people; a value nested deeper than the stack is only named. */
export function prettyJson(value: unknown): string {
  try {
    const compact = JSON.stringify(value) ?? "";
    const indented = compact.length <= INDENTED_CHARACTERS && depthOf(compact) <= INDENTED_DEPTH;
    return indented ? (JSON.stringify(value, null, 2) ?? "") : compact;
  } catch {
    return "…";
  }
}

/** At least the depth of a JSON text: brackets within strings count, too. */
function depthOf(json: string): number {
  let depth = 0;
  let deepest = 0;
  for (const character of json) {
    if (character === "[" || character === "{") depth += 1;
    else if (character === "]" || character === "}") depth -= 1;
    deepest = Math.max(deepest, depth);
  }
  return deepest;
}
