import type { LinkId, LinkMode, Role, SenderId } from "@openmates-share/protocol/wire";
import type { AccountId } from "../accounts/account-id.ts";

/** A chat, as far as access goes. */
export interface ChatFacts {
  readonly owner: AccountId;
  readonly ownerSender: SenderId;
  readonly lastSeq: number;
  readonly sharedThrough: number;
  /** The owner has closed it to writing. */
  readonly closed: boolean;
}

export interface LinkFacts {
  readonly link: LinkId;
  readonly mode: LinkMode;
  /** Milliseconds since 1970, or null. */
  readonly expiresAt: number | null;
  readonly revokedAt: number | null;
}

/** The link shown with a request. */
export interface ShownLinkFacts extends LinkFacts {
  /** Whether its access token was right. */
  readonly proven: boolean;
  readonly audience: "public" | "named";
  /** Of a named link: the account that opened it first, which it is for from then on. */
  readonly grantedTo: AccountId | null;
  /** Of a named link: whether the session's account has proved its address. */
  readonly addressProven: boolean;
  readonly viewLimit: number | null;
  readonly views: number;
  /** Whether this device was counted. */
  readonly ticket: boolean;
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
  readonly link: ShownLinkFacts | null;
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
  /** False for readers, and for members while the owner has closed the chat to writing. */
  readonly mayWrite: boolean;
  readonly mayManage: boolean;
  /** Mode of the link that access hangs on; null for the owner. */
  readonly linkMode: LinkMode | null;
  /** The link that access hangs on: its revocation ends it. Null for the owner. */
  readonly link: LinkId | null;
  /** When that link expires, milliseconds since 1970; null for never. */
  readonly until: number | null;
  /** Who this person writes as, or would if the chat were not closed; null for readers. */
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
 * 3. The account is a member, was not removed, and the collaborative link it joined by is alive: reads everything, and
 *    writes unless the owner has closed the chat to writing.
 * 4. The link shown is alive, its token right, and it is for this person: a public one is for everybody but an account that
 *    the owner removed after it came by this very link; a named one is for the account that opened it first, or, while
 *    nobody has, for the account that proved its address. Then:
 *    a. Without a view limit, or on a device that was counted: a collaborative link reads everything (and lets join), a
 *       read-only one reads up to the owner's cut-off.
 *    b. With views left: `view_required`, so that the device has itself counted and asks again.
 * 5. Otherwise: `not_found`, the same answer as 1, so that nobody learns which it was (R6).
 *
 * A link is alive from its creation until it is revoked or the moment it expires. A membership ends with the link it came
 * by, for the person has nothing but that link; a new link makes the same person a member again.
 */
export function accessTo(facts: AccessFacts): Access | "view_required" | "not_found" {
  const { chat, account, member, link, now } = facts;
  if (chat === null) return "not_found";
  const mayOwn = account !== null && account === chat.owner;
  const shown = link?.proven && isAlive(link, now) && (mayOwn || isFor(link, facts)) ? link : null;
  const everything = { scope: "all", readThrough: chat.lastSeq, shown: shown?.link ?? null } as const;

  if (mayOwn) {
    return { role: "owner", ...everything, mayWrite: true, mayManage: true, ...NO_LINK, sender: chat.ownerSender };
  }
  if (account !== null && member !== null && isActive(member, now)) {
    return {
      role: "member",
      ...everything,
      mayWrite: !chat.closed,
      mayManage: false,
      ...hangsOn(member.by),
      sender: member.sender,
    };
  }
  if (shown === null) return "not_found";
  if (!isCounted(shown)) return hasViewsLeft(shown) ? "view_required" : "not_found";
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

/** What a link tells whoever shows it, also before they are counted. */
export interface Shown {
  readonly mode: LinkMode;
  /** Milliseconds since 1970, or null. */
  readonly expiresAt: number | null;
  /** The last number that it shows. */
  readonly readThrough: number;
}

/** Of the link shown alone, whoever shows it: null for one that gives nothing, by the rule above. */
export function shownBy(facts: AccessFacts): Shown | null {
  const { chat, link } = facts;
  const access = accessTo(facts);
  const gives = access === "view_required" || (access !== "not_found" && access.shown !== null);
  if (chat === null || link === null || !gives) return null;
  const { mode, expiresAt } = link;
  return { mode, expiresAt, readThrough: mode === "collaborative" ? chat.lastSeq : chat.sharedThrough };
}

export function isAlive(link: Pick<LinkFacts, "revokedAt" | "expiresAt">, now: number): boolean {
  return link.revokedAt === null && (link.expiresAt === null || now < link.expiresAt);
}

/** Whether a link is for whoever shows it. */
function isFor(link: ShownLinkFacts, { account, member }: AccessFacts): boolean {
  if (account !== null && member?.removedAt != null && member.by.link === link.link) return false;
  if (link.audience === "public") return true;
  return account !== null && (link.grantedTo === null ? link.addressProven : link.grantedTo === account);
}

function hasViewsLeft({ viewLimit, views }: ShownLinkFacts): boolean {
  return viewLimit !== null && views < viewLimit;
}

function isCounted({ viewLimit, ticket }: ShownLinkFacts): boolean {
  return viewLimit === null || ticket;
}

function isActive(member: MemberFacts, now: number): boolean {
  return member.removedAt === null && member.by.mode === "collaborative" && isAlive(member.by, now);
}

const NO_LINK = { link: null, linkMode: null, until: null } as const;

function hangsOn(link: LinkFacts): Pick<Access, "link" | "linkMode" | "until"> {
  return { link: link.link, linkMode: link.mode, until: link.expiresAt };
}
