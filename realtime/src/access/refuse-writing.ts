import { chatClosed, WireFailure } from "../http/failure.ts";
import type { Access } from "./access.ts";

/** The refusal for somebody who may not write (`mayWrite` is false): a member may not while the chat is closed. */
export function refusalToWrite({ role }: Pick<Access, "role">): WireFailure {
  if (role === "member") return chatClosed();
  return new WireFailure("forbidden", "You can read this chat, but not write in it.");
}
