import type { LinkId, LinkMode, Role, SenderId } from "@openmates-share/protocol/wire";
import type { AccountId } from "../accounts/account-id.ts";

/** A chat, as far as access goes. */
export interface ChatFacts {
  readonly owner: AccountId;
  readonly ownerSender: SenderId;
  readonly lastSeq: number;
  readonly sharedThrough: number;
}

export interface LinkFacts {
  readonly link: LinkId;
  readonly mode: LinkMode;
  /** Milliseconds since 1970, or null. */
  readonly expiresAt: number | null;
  readonly revokedAt: number | null;
}

export interface MemberFacts {
  readonly sender: SenderId;
  readonly removedAt: number | null;
  /** The link that the membership came by. */
  readonly by: LinkFacts;
}

/** Everything that access depends on. */
export interface AccessFacts {
  /** Null: there is no such chat. */
  readonly chat: ChatFacts | null;
  /** The session's account; null without one. */
  readonly account: AccountId | null;
  /** That account's membership. */
  readonly member: MemberFacts | null;
  /** The link shown; `proven` only if its access token was right. */
  readonly link: (LinkFacts & { readonly proven: boolean }) | null;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** What somebody may do in a chat right now. */
export interface Access {
  readonly role: Role;
  /** The last number this person may read, as of the check. */
  readonly readThrough: number;
  /** `all`: new messages are for them as they come. `shared`: only up to the owner's cut-off. */
  readonly scope: "all" | "shared";
  readonly mayWrite: boolean;
  readonly mayManage: boolean;
  /** Mode of the link that access hangs on; null for the owner. */
  readonly linkMode: LinkMode | null;
  /** The link that access hangs on: its revocation ends it. Null for the owner. */
  readonly link: LinkId | null;
  /** When that link expires, milliseconds since 1970; null for never. */
  readonly until: number | null;
  /** Who this person writes as; null for readers. */
  readonly sender: SenderId | null;
  /** The link shown with the request, when it is good: whoever shows it gets its wrapped keys. */
  readonly shown: LinkId | null;
}

/**
 * The one rule about who may do what in a chat (R4); HTTP, the socket and the preview pages ask it and nothing else. The
 * first of these that holds decides:
 *
 * 1. The chat is not there: `not_found`.
 * 2. The account owns it: everything, always.
 * 3. The account is a member, was not removed, and the collaborative link it joined by is alive: reads everything, writes.
 * 4. The link shown is alive and its token right: a collaborative one reads everything (and lets join), a read-only one
 *    reads up to the owner's cut-off.
 * 5. Otherwise: `not_found`, the same answer as 1, so that nobody learns which it was (R6).
 *
 * A link is alive from its creation until it is revoked or the moment it expires. A membership ends with the link it came
 * by, for the person has nothing but that link; a new link makes the same person a member again.
 */
export function accessTo(facts: AccessFacts): Access | "not_found" {
  const { chat, account, member, link, now } = facts;
  if (chat === null) return "not_found";
  const shown = link?.proven && isAlive(link, now) ? link : null;
  const everything = { scope: "all", readThrough: chat.lastSeq, shown: shown?.link ?? null } as const;

  if (account !== null && account === chat.owner) {
    return { role: "owner", ...everything, mayWrite: true, mayManage: true, ...NO_LINK, sender: chat.ownerSender };
  }
  if (account !== null && member !== null && isActive(member, now)) {
    return {
      role: "member",
      ...everything,
      mayWrite: true,
      mayManage: false,
      ...hangsOn(member.by),
      sender: member.sender,
    };
  }
  if (shown !== null) {
    const reads = shown.mode === "collaborative" ? {} : ({ scope: "shared", readThrough: chat.sharedThrough } as const);
    return {
      role: "reader",
      ...everything,
      ...reads,
      mayWrite: false,
      mayManage: false,
      ...hangsOn(shown),
      sender: null,
    };
  }
  return "not_found";
}

export function isAlive(link: Pick<LinkFacts, "revokedAt" | "expiresAt">, now: number): boolean {
  return link.revokedAt === null && (link.expiresAt === null || now < link.expiresAt);
}

function isActive(member: MemberFacts, now: number): boolean {
  return member.removedAt === null && member.by.mode === "collaborative" && isAlive(member.by, now);
}

const NO_LINK = { link: null, linkMode: null, until: null } as const;

function hangsOn(link: LinkFacts): Pick<Access, "link" | "linkMode" | "until"> {
  return { link: link.link, linkMode: link.mode, until: link.expiresAt };
}
