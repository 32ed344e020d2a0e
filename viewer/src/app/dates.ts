const TIME = new Intl.DateTimeFormat(undefined, { timeStyle: "short" });
const DAY_AND_TIME = new Intl.DateTimeFormat(undefined, {
  day: "numeric",
  month: "short",
  hour: "numeric",
  minute: "2-digit",
});
const FULL = new Intl.DateTimeFormat(undefined, { dateStyle: "long", timeStyle: "short" });
const DATE = new Intl.DateTimeFormat(undefined, { dateStyle: "medium" });
const DATE_AND_TIME = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

/** Today: the time; this year: day and time; before: the date. Times are milliseconds since 1970. */
export function shortTime(time: number, now: number = Date.now()): string {
  const date = new Date(time);
  const today = new Date(now);
  if (date.toDateString() === today.toDateString()) return TIME.format(date);
  return date.getFullYear() === today.getFullYear() ? DAY_AND_TIME.format(date) : DATE.format(date);
}

export function fullTime(time: number): string {
  return FULL.format(time);
}

export function mediumTime(time: number): string {
  return DATE_AND_TIME.format(time);
}

/** `1 message`, `12 messages` */
export function counted(count: number, noun: string): string {
  return `${count.toLocaleString()} ${noun}${count === 1 ? "" : "s"}`;
}

const DAY = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeZone: "UTC" });

/** A day of the server's, `2026-11-21` by UTC, as people write it. */
export function dayOf(day: string): string {
  const time = Date.parse(`${day}T00:00:00Z`);
  return Number.isNaN(time) ? day : DAY.format(time);
}
