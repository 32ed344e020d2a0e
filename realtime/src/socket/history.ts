import { historySchema } from "@openmates-share/protocol/wire";
import type * as v from "valibot";
import type { EventHandler } from "./event-handler.ts";
import type { SocketParts } from "./parts.ts";
import { SOCKET_LIMITS } from "./socket-limits.ts";

/** A page of what came after a number, as far as the client may read at this moment. */
export function historyHandler({
  watch,
  messages,
}: SocketParts): EventHandler<"history", v.InferOutput<typeof historySchema>> {
  return {
    event: "history",
    schema: historySchema,
    limit: SOCKET_LIMITS.history,
    async handle(line, { chat, after }) {
      const { access } = await watch.seatedNow(line, chat);
      return { page: await messages.page({ chat, after, through: access.readThrough }) };
    },
  };
}
