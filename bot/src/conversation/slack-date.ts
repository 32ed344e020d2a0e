/** Slack's date tokens (docs.slack.dev, "Date formatting"), in UTC: readers are anywhere, and the times have to agree. */
const TOKENS: Readonly<Record<string, (date: Date) => string>> = {
  date_num: (date) => date.toISOString().slice(0, 10),
  date: (date) => day(date, "long"),
  date_short: (date) => day(date, "short"),
  date_long: (date) => `${named(date, { weekday: "long" })}, ${day(date, "long")}`,
  time: (date) => `${date.toISOString().slice(11, 16)} UTC`,
  time_secs: (date) => `${date.toISOString().slice(11, 19)} UTC`,
  ago: (date) => day(date, "long"),
};

/** @param seconds since 1970 @param format as `{date_short} at {time}`; "pretty" tokens are their plain ones */
export function dateText(seconds: number, format: string): string {
  const date = new Date(seconds * 1000);
  if (Number.isNaN(date.getTime())) return format;
  return format.replaceAll(/\{(\w+?)(?:_pretty)?\}/gu, (token, name: string) => TOKENS[name]?.(date) ?? token);
}

function day(date: Date, month: "long" | "short"): string {
  return named(date, { day: "numeric", month, year: "numeric" });
}

function named(date: Date, how: Intl.DateTimeFormatOptions): string {
  return date.toLocaleDateString("en-GB", { ...how, timeZone: "UTC" });
}
