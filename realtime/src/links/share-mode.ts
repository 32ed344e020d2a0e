import type { ShareMode } from "@openmates-share/protocol/wire";

/** What a chat's live links make it: open to whoever has a link, to people named, or to nobody but its members. */
export function shareModeOf(live: readonly { readonly audience: string }[]): ShareMode {
  if (live.some(({ audience }) => audience === "public")) return "public";
  return live.length > 0 ? "shared_with_user" : "private";
}
