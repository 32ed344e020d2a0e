import type { ChatId, LinkAccess, SenderId } from "@openmates-share/protocol/wire";
import type { Access } from "../access/access.ts";
import type { Line } from "./line.ts";

/** One client in one chat. */
export interface Seat {
  readonly line: Line;
  readonly chat: ChatId;
  /** The link the client named; null for the owner, for members, and once it was revoked for somebody who needs none. */
  link: LinkAccess | null;
  /** Who it writes as; null for those who only read. */
  readonly sender: SenderId | null;
  /** As last checked. */
  access: Access;
  /** When that was, milliseconds since 1970; 0 when it has to be checked again. */
  checkedAt: number;
}
