const DAY = new Intl.DateTimeFormat(undefined, { dateStyle: "medium" });

/** A day as people write it; from milliseconds since 1970, or from `2026-01-31`. */
export function mediumDay(day: number | string): string {
  return DAY.format(typeof day === "number" ? day : new Date(`${day}T12:00:00`));
}
