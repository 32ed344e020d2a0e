import type { AncestryChat } from "@openmates-share/client";

/** What a fork's source is called, as its owner sealed it: another's words, that turn nothing around them. */
export function titleOf({ title }: AncestryChat) {
  return title ? <bdi>“{title}”</bdi> : "an untitled chat";
}
