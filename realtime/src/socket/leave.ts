import { leaveSchema } from "@openmates-share/protocol/wire";
import type * as v from "valibot";
import type { EventHandler } from "./event-handler.ts";
import type { SocketParts } from "./parts.ts";
import { SOCKET_LIMITS } from "./socket-limits.ts";

/** Leaves a chat's room, not the chat: a member stays one. */
export function leaveHandler({
  seats,
  turns,
  rooms,
}: SocketParts): EventHandler<"leave", v.InferOutput<typeof leaveSchema>> {
  return {
    event: "leave",
    schema: leaveSchema,
    limit: SOCKET_LIMITS.leave,
    async handle(line, { chat }) {
      await turns.take({ line, chat }, async () => {
        const seat = seats.of(line, chat);
        if (seat) await rooms.leave(seat);
      });
      return {};
    },
  };
}
