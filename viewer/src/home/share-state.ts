import type { SharedByMe } from "@openmates-share/client";
import type { IconName } from "../app/icons.tsx";

/** How a chat of one's own stands, in a word or two. */
export interface ShareState {
  readonly icon: IconName;
  readonly name: string;
  readonly tone: "shared" | "accent" | "private" | "ended";
  /** Messages that readers do not see yet. */
  readonly waiting: number;
}

type Facts = Pick<
  SharedByMe,
  "shareMode" | "links" | "fullLinks" | "expiredLinks" | "collaborative" | "members" | "lastSeq" | "sharedThrough"
>;

export function shareStateOf(facts: Facts): ShareState {
  const { shareMode, links, fullLinks, expiredLinks, collaborative, lastSeq, sharedThrough } = facts;
  if (links === fullLinks && fullLinks + expiredLinks > 0)
    return { icon: "lock", name: "Expired or full", tone: "ended", waiting: 0 };
  if (links === 0 || shareMode === "private") return { icon: "lock", name: "Only you", tone: "private", waiting: 0 };
  const waiting = Math.max(lastSeq - sharedThrough, 0);
  // By their one link all who come see everything.
  if (collaborative) return { icon: "people", name: "Group chat", tone: "accent", waiting: links > 1 ? waiting : 0 };
  if (shareMode === "shared_with_user") return { icon: "people", name: "Named people", tone: "shared", waiting };
  return { icon: "link", name: "Public link", tone: "shared", waiting };
}
