import type { GoogleAttempt } from "@openmates-share/client";

const NAME = "google-attempt";

/** A sign-in that has gone to Google, and where in the app it began: a fragment without any key; null on the account's page. */
export interface Attempt {
  readonly attempt: GoogleAttempt;
  readonly backTo: string | null;
}

/** In this tab alone, until it has come back from Google: whoever opens somebody else's link back has none. */
export function keepAttempt(attempt: Attempt): void {
  sessionStorage.setItem(NAME, JSON.stringify(attempt));
}

/** Once: it is gone afterwards. */
export function takeAttempt(): Attempt | null {
  const kept = sessionStorage.getItem(NAME);
  sessionStorage.removeItem(NAME);
  // Only this page writes there.
  return kept === null ? null : (JSON.parse(kept) as Attempt);
}
