import { COLOURS, type Person } from "@openmates-share/client";
import { readPreference, writePreference } from "../app/preferences.ts";

/** What the twelve colours of people are called, in the order of their numbers (SPEC C15); how they look is in the styles. */
export const COLOUR_NAMES = [
  "Red",
  "Orange",
  "Amber",
  "Olive",
  "Green",
  "Jade",
  "Teal",
  "Sky",
  "Blue",
  "Violet",
  "Purple",
  "Pink",
] as const;

/** The one chosen on this device before, or else one that nobody has yet. */
export function suggestColour(people: readonly Pick<Person, "colour">[]): number {
  const chosen = Number(readPreference("colour") ?? "none");
  if (Number.isInteger(chosen) && chosen >= 0 && chosen < COLOURS) return chosen;
  const taken = new Set(people.map(({ colour }) => colour));
  const free = COLOUR_NAMES.map((_, colour) => colour).filter((colour) => !taken.has(colour));
  const from = free.length > 0 ? free : COLOUR_NAMES.map((_, colour) => colour);
  return from[Math.floor(Math.random() * from.length)] ?? 0;
}

export function rememberColour(colour: number): void {
  writePreference("colour", `${colour}`);
}
