import type { GoogleAttempt } from "@openmates-share/client";

const NAME = "google-attempt";

/** In this tab alone, until it has come back from Google: whoever opens somebody else's link back has none. */
export function keepAttempt(attempt: GoogleAttempt): void {
  sessionStorage.setItem(NAME, JSON.stringify(attempt));
}

/** Once: it is gone afterwards. */
export function takeAttempt(): GoogleAttempt | null {
  const kept = sessionStorage.getItem(NAME);
  sessionStorage.removeItem(NAME);
  // Only this page writes there.
  return kept === null ? null : (JSON.parse(kept) as GoogleAttempt);
}
