import type { LinkId, LinkMode, Role } from "@openmates-share/protocol/wire";

/** What somebody may do in a chat right now. */
export interface Access {
  readonly role: Role;
  /** The last number this person may read, as of the check. */
  readonly readThrough: number;
  /** `all`: new messages are for them as they come. `shared`: only up to the owner's cut-off. */
  readonly scope: "all" | "shared";
  readonly mayWrite: boolean;
  readonly mayManage: boolean;
  /** Mode of the link used, or of the one a member joined by; null for the owner. */
  readonly linkMode: LinkMode | null;
  /** The link that access hangs on: its revocation ends it. Null for the owner. */
  readonly link: LinkId | null;
  /** When that link expires, milliseconds since 1970; null for never. */
  readonly until: number | null;
}
