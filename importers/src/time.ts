/** Seconds since 1970 stay below this until the year 5138; milliseconds have been above since 1973. */
const FIRST_MILLISECONDS = 1e11;

/** Milliseconds since 1970 out of seconds or milliseconds (number or digits) or a date string; null for anything else. */
export function timeOf(value: unknown): number | null {
  if (typeof value === "number") return fromNumber(value);
  if (typeof value !== "string" || value.length > 40) return null;
  const text = value.trim();
  if (/^\d{9,14}(?:\.\d+)?$/.test(text)) return fromNumber(Number(text));
  if (!/^\d{4}-\d\d-\d\d/.test(text)) return null;
  return plausible(Date.parse(text));
}

function fromNumber(value: number): number | null {
  return plausible(Math.abs(value) < FIRST_MILLISECONDS ? value * 1000 : value);
}

/** Zero is how exports write "not known"; what no calendar holds is damage. */
function plausible(milliseconds: number): number | null {
  const whole = Math.round(milliseconds);
  return whole > 0 && whole <= 8.64e15 ? whole : null;
}
