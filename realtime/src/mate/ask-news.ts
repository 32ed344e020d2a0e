import type { AskStatus, Delta } from "@openmates-share/protocol/wire";

/** Where the mate's news of a chat go: to its members, on all nodes. */
export interface AskNews {
  status(status: AskStatus): void;
  delta(delta: Delta): void;
}
