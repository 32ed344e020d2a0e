import { type ChatId, subjectOfUrl } from "@openmates-share/client";
import { cutFragments } from "../firewall/cut-fragments.ts";
import type { Lifted, LiftedLink } from "../firewall/lifted.ts";
import { Secret } from "../firewall/secret.ts";

/** A link to a chat or an embed, as somebody gave it: with its key (when it had one) out of sight. */
export interface GivenLink extends LiftedLink {
  readonly hasKey: boolean;
}

/** The link of a chat that was just made. */
export function madeLink({ chat, url }: { chat: ChatId; url: Secret }): GivenLink {
  return { page: cutFragments(url.reveal()), subject: { type: "chat", id: chat }, original: url, hasKey: true };
}

/** The share links among these pages: those whose fragments were lifted, and those that came without one. */
export function givenLinks(pages: readonly string[], lifted: Lifted): GivenLink[] {
  return [...new Set(pages)].flatMap((page) => {
    const found = lifted.links.filter((link) => link.page === page).map((link) => ({ ...link, hasKey: true }));
    if (found.length > 0) return found;
    const subject = URL.canParse(page) ? subjectOfUrl(new URL(page)) : null;
    return subject ? [{ page, subject, original: new Secret(page), hasKey: false }] : [];
  });
}

/** Addresses in a text, as the firewall leaves them. */
export function pagesIn(text: string): string[] {
  return text.match(/https?:\/\/[^\s<>|"]+/giu) ?? [];
}
