import { openCopy } from "@openmates-share/protocol/fork";
import type { AskId } from "@openmates-share/protocol/wire";
import type { RoomMessage } from "../room-state.ts";

/** Shows what was signed in the chat that it was copied from. @throws ProtocolError as `openCopy` */
export async function openCopied(options: Parameters<typeof openCopy>[0]): Promise<RoomMessage["body"]> {
  const { content, copied } = await openCopy(options);
  if (content.type !== "reply") return { type: "content", content, copied };
  const ask = options.message as string as AskId; // Its own in the fork, as a reply's message id is its ask id.
  return { type: "reply", ask, reply: content, copied };
}
