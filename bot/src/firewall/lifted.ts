import { type ShareLink, subjectOfUrl } from "@openmates-share/client";
import { Secret } from "./secret.ts";

/** A share link that came in with a payload. */
export interface LiftedLink {
  /** Without the fragment. */
  readonly page: string;
  readonly subject: ShareLink["subject"];
  /** As Slack sent it, key and all. */
  readonly original: Secret;
}

/** What the firewall took out of one payload. It lives as long as the payload does, and in memory only. */
export class Lifted {
  readonly #links: LiftedLink[] = [];
  readonly #seen = new Set<string>();
  /** The password typed into the form; null when there is none. */
  password: Secret | null = null;

  /** Links without a chat or an embed in them are cut like all others, and forgotten. */
  add(link: { page: string; original: string }): void {
    if (this.#seen.has(link.original)) return;
    this.#seen.add(link.original);
    const subject = subjectOf(link);
    if (subject) this.#links.push({ page: link.page, subject, original: new Secret(link.original) });
  }

  get links(): readonly LiftedLink[] {
    return this.#links;
  }
}

/** The path's subject, or the fragment's in the app's own form (`/#chat-id=…`). */
function subjectOf({ page, original }: { page: string; original: string }): ShareLink["subject"] | null {
  const url = URL.canParse(page) ? new URL(page) : null;
  if (!url) return null;
  const named = /[#&;](chat|embed)-id=([A-Za-z0-9_-]{22})(?![A-Za-z0-9_-])/u.exec(original.slice(page.length));
  return subjectOfUrl(url) ?? (named ? subjectOfUrl(new URL(`/share/${named[1]}/${named[2]}`, url)) : null);
}

const lifted = new WeakMap<object, Lifted>();

export function keepLifted(body: object, what: Lifted): void {
  lifted.set(body, what);
}

/** What was taken out of this payload: of this very object, as Bolt hands it to listeners. */
export function liftedOf(body: object): Lifted {
  return lifted.get(body) ?? new Lifted();
}
