const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** The ends that people choose from; `after` in milliseconds. */
export const EXPIRIES = [
  { value: "hour", name: "After an hour", after: HOUR },
  { value: "day", name: "After a day", after: DAY },
  { value: "week", name: "After a week", after: 7 * DAY },
  { value: "month", name: "After 30 days", after: 30 * DAY },
  { value: "year", name: "After a year", after: 365 * DAY },
] as const;

/** When a link stops working. */
export type Expiry =
  | { readonly type: "never" }
  | { readonly type: "after"; readonly span: (typeof EXPIRIES)[number]["value"] }
  /** As a `datetime-local` field gives it, in the person's own time; empty until they have chosen. */
  | { readonly type: "date"; readonly local: string };

/** Milliseconds since 1970; null for never, or while no day is chosen. */
export function expiryTime(expiry: Expiry, now: number): number | null {
  switch (expiry.type) {
    case "never":
      return null;
    case "after":
      return now + (EXPIRIES.find(({ value }) => value === expiry.span)?.after ?? HOUR);
    case "date": {
      const time = new Date(expiry.local).getTime();
      return Number.isNaN(time) ? null : time;
    }
  }
}

/** A time as a `datetime-local` field takes it. */
export function localTime(time: number): string {
  const date = new Date(time);
  const two = (part: number) => String(part).padStart(2, "0");
  const day = `${String(date.getFullYear()).padStart(4, "0")}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day}T${two(date.getHours())}:${two(date.getMinutes())}`;
}
