import type { LinkMode, LinkOptions } from "@openmates-share/client";
import { harmlessLine } from "./harmless.ts";
import { UsageError } from "./usage-error.ts";

/** What the command line says about a link that is to be made. */
export interface LinkFlags {
  readonly mode?: string;
  readonly collaborative?: boolean;
  readonly expires?: string;
  readonly views?: string;
  readonly label?: string;
}

const UNITS = { h: 60 * 60 * 1000, d: 24 * 60 * 60 * 1000, w: 7 * 24 * 60 * 60 * 1000, y: 365 * 24 * 60 * 60 * 1000 };

/** @throws UsageError */
export function linkOptionsFrom(flags: LinkFlags, now = Date.now()): LinkOptions & { readonly mode: LinkMode } {
  const { expires, views, label } = flags;
  return {
    mode: modeFrom(flags),
    expiresAt: expires === undefined ? null : now + durationFrom(expires),
    viewLimit: views === undefined ? null : countFrom(views),
    label: label === undefined ? null : harmlessLine(label),
  };
}

function modeFrom({ mode, collaborative = false }: LinkFlags): LinkMode {
  if (mode === undefined) return collaborative ? "collaborative" : "read-only";
  if (mode === "read-only" && collaborative) throw new UsageError("A link is either read-only or collaborative.");
  if (mode === "read-only" || mode === "collaborative") return mode;
  throw new UsageError("The mode is read-only or collaborative.");
}

/** Milliseconds of `12h`, `7d`, `2w`, `1y`: an hour to a year. @throws UsageError */
export function durationFrom(text: string): number {
  const [, count = "", unit = ""] = /^(\d{1,5})([hdwy])$/.exec(text.trim()) ?? [];
  const length = Number(count) * (UNITS[unit as keyof typeof UNITS] ?? 0);
  if (length >= UNITS.h && length <= UNITS.y) return length;
  throw new UsageError("The time until a link ends is an hour to a year, such as 12h, 7d, 2w or 1y.");
}

function countFrom(text: string): number {
  const count = Number(text);
  if (/^\d{1,7}$/.test(text) && count >= 1 && count <= 1_000_000) return count;
  throw new UsageError("The number of views is a whole number from 1 to 1000000.");
}
