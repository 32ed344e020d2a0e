import type { LinkMode, OwnedLink } from "@openmates-share/client";

/** Whether a link still opens anything for somebody new. */
export function endOf({ expiresAt, viewLimit, views }: OwnedLink, now = Date.now()): "expired" | "full" | null {
  if (expiresAt !== null && expiresAt <= now) return "expired";
  return viewLimit !== null && views >= viewLimit ? "full" : null;
}

/** What the links that still open a chat let people do. */
export function modesOf(links: readonly OwnedLink[]): ReadonlySet<LinkMode> {
  return new Set(links.filter((link) => endOf(link) !== "expired").map(({ mode }) => mode));
}
