import { WireFailure } from "../http/failure.ts";
import type { Access } from "./access.ts";

/** @throws WireFailure `forbidden`: whoever may read learns that the chat is there, and that it is not theirs. */
export function requireOwner(access: Access): void {
  if (!access.mayManage) throw new WireFailure("forbidden", "Only the owner of this chat may do that.");
}
