const ALLOWED = new Set(["http:", "https:", "mailto:"]);

/** The address if a link may go there: absolute, and http, https or mailto. Else null: it is shown as text. */
export function safeUrl(href: string): string | null {
  // A relative address would lead into this app.
  if (!URL.canParse(href)) return null;
  const url = new URL(href);
  return ALLOWED.has(url.protocol) ? url.href : null;
}

/** What a link's reader wants to know first: the host it leads to. */
export function hostOf(url: string): string {
  return new URL(url).host;
}
