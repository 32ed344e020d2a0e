import { sendSchema } from "@openmates-share/protocol/wire";
import type * as v from "valibot";
import { WireFailure } from "../http/failure.ts";
import { type EventHandler, take } from "./event-handler.ts";
import type { SocketParts } from "./parts.ts";
import { SEND_BYTES_LIMIT, SOCKET_LIMITS } from "./socket-limits.ts";
import { requireWriter } from "./writer.ts";

/** Takes a message; answered when it is committed (R8). The room gets it by the committer's news. */
export function sendHandler({
  watch,
  committer,
  limits,
  allowance,
}: SocketParts): EventHandler<"send", v.InferOutput<typeof sendSchema>> {
  return {
    event: "send",
    schema: sendSchema,
    limit: SOCKET_LIMITS.send,
    async handle(line, { chat, message }) {
      const { account, sender, isOwner } = await requireWriter(watch, line, chat);
      if (message.sender !== sender) {
        throw new WireFailure("forbidden", "Messages can only be sent under the sender that joined the chat.");
      }
      const { envelope } = message;
      await take(limits, { limit: SEND_BYTES_LIMIT, source: line.data.source, cost: envelope.length });
      if (!isOwner) allowance.require(chat, envelope);
      const receipt = await committer.append({ chat, author: { type: "account", account }, message });
      if (!isOwner) allowance.spend(chat, { envelope, seq: receipt.seq });
      return receipt;
    },
  };
}
