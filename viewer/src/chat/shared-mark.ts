import type { LinkMode } from "@openmates-share/client";

/** Who sees a message beside its owner: whoever has any link, only those who write together, or nobody. */
export type Shared = "shared" | "private" | "group";

/**
 * Marks are true: only what somebody else can read is marked so. `opens`: what the links that work now let people do; null
 * while that is not known. `together`: whether others are in the chat, who see all of it.
 */
export function sharedOf(
  seq: number,
  chat: { sharedThrough: number; opens: ReadonlySet<LinkMode> | null; together: boolean },
): Shared {
  const { sharedThrough, opens, together } = chat;
  if (seq <= sharedThrough && opens?.size !== 0) return "shared";
  return together || opens?.has("collaborative") ? "group" : "private";
}
