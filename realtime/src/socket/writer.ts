import type { ChatId, SenderId } from "@openmates-share/protocol/wire";
import type { AccountId } from "../accounts/account-id.ts";
import { WireFailure } from "../http/failure.ts";
import type { AccessWatch } from "./access-watch.ts";
import type { Line } from "./line.ts";

/** Somebody who may write in a chat, and as whom. */
export interface Writer {
  readonly account: AccountId;
  readonly sender: SenderId;
}

/** @throws WireFailure `forbidden` for readers and for those who have not joined, `not_found` when access has ended */
export async function requireWriter(watch: AccessWatch, line: Line, chat: ChatId): Promise<Writer> {
  const { access, sender } = await watch.seated(line, chat);
  const { account } = line.data;
  if (access.mayWrite && sender && account) return { account, sender };
  throw new WireFailure("forbidden", "You can read this chat, but not write in it.");
}
