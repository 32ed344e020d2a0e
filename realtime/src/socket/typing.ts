import { typingSchema } from "@openmates-share/protocol/wire";
import type * as v from "valibot";
import type { EventHandler } from "./event-handler.ts";
import type { SocketParts } from "./parts.ts";
import { SOCKET_LIMITS } from "./socket-limits.ts";
import { requireWriter } from "./writer.ts";

/** Tells the others that somebody types; nobody keeps it, clients forget it after some seconds. */
export function typingHandler({
  watch,
  rooms,
}: SocketParts): EventHandler<"typing", v.InferOutput<typeof typingSchema>> {
  return {
    event: "typing",
    schema: typingSchema,
    limit: SOCKET_LIMITS.typing,
    async handle(line, { chat, typing }) {
      const { sender } = await requireWriter(watch, line, chat);
      rooms.typing(line, { chat, sender, typing });
      return {};
    },
  };
}
