const UNITS: Readonly<Record<string, number>> = { h: 3600, m: 60, s: 1 };

/** Seconds out of "Thought for 1m 5s", "Thought for 14 seconds", "Thought for 2 minutes"; null when none are said. */
export function secondsOf(recap: string): number | null {
  let seconds: number | null = null;
  for (const [, count, unit] of recap
    .slice(0, 200)
    .matchAll(/(\d{1,5}) ?(h|m|s)(?:ours?|inutes?|in|econds?|ec)?\b/gi)) {
    seconds = (seconds ?? 0) + Number(count) * (UNITS[unit?.toLowerCase() ?? ""] ?? 0);
  }
  return seconds;
}
