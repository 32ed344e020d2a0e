import type { ChatId, SenderId } from "@openmates-share/protocol/wire";
import { refusalToWrite } from "../access/refuse-writing.ts";
import type { AccountId } from "../accounts/account-id.ts";
import type { AccessWatch } from "./access-watch.ts";
import type { Line } from "./line.ts";

/** Somebody who may write in a chat, and as whom. */
export interface Writer {
  readonly account: AccountId;
  readonly sender: SenderId;
  readonly isOwner: boolean;
}

/**
 * @throws WireFailure `forbidden` for readers and for those who have not joined, `chat_closed` for members while it is,
 * `not_found` when access has ended
 */
export async function requireWriter(watch: AccessWatch, line: Line, chat: ChatId): Promise<Writer> {
  const { access, sender } = await watch.seated(line, chat);
  const { account } = line.data;
  if (access.mayWrite && sender && account) return { account, sender, isOwner: access.role === "owner" };
  throw refusalToWrite(sender ? access : { role: "reader" });
}

/** Somebody who takes part, also while the chat is closed to writing. @throws WireFailure `forbidden`, `not_found` */
export async function requireMember(watch: AccessWatch, line: Line, chat: ChatId): Promise<Writer> {
  const { access, sender } = await watch.seated(line, chat);
  const { account } = line.data;
  if (sender && account) return { account, sender, isOwner: access.role === "owner" };
  throw refusalToWrite({ role: "reader" });
}
