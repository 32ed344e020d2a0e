import type { Gate } from "../access/gate.ts";
import type { Membership } from "../chats/membership.ts";
import type { ReadMarks } from "../chats/read-marks.ts";
import type { RateLimiter } from "../limits/rate-limiter.ts";
import type { Mate } from "../mate/index.ts";
import type { Committer } from "../messages/committer.ts";
import type { MessageStore } from "../messages/message-store.ts";
import type { AccessWatch } from "./access-watch.ts";
import type { Arrivals } from "./arrivals.ts";
import type { MembersAllowance } from "./members-allowance.ts";
import type { ReadNews } from "./read-news.ts";
import type { Rooms } from "./rooms.ts";
import type { Seats } from "./seats.ts";
import type { Turns } from "./turns.ts";

/** What the event handlers work with. */
export interface SocketParts {
  readonly gate: Gate;
  readonly membership: Membership;
  readonly committer: Committer;
  readonly messages: MessageStore;
  readonly mate: Mate;
  readonly arrivals: Arrivals;
  readonly seats: Seats;
  readonly turns: Turns;
  readonly rooms: Rooms;
  readonly watch: AccessWatch;
  readonly marks: ReadMarks;
  readonly reads: ReadNews;
  /** Of this node alone. */
  readonly limits: RateLimiter;
  readonly allowance: MembersAllowance;
}
