import { type ContentRole, resemblesMate } from "@openmates-share/client";
import { harmlessLine } from "./harmless.ts";

/**
 * The name that a message bears, for a terminal. It is its writer's word: one that people would take for the mate's is
 * marked, for only answers that the service has signed are the mate's (SPEC C7, M10).
 */
export function claimedName(name: string, role: ContentRole = "user"): string {
  const shown = harmlessLine(name);
  if (!resemblesMate(shown)) return shown;
  return role === "user" ? `${shown} (a person, not OpenMates)` : `${shown} (brought in, not an answer given here)`;
}
