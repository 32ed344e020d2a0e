import { readSchema } from "@openmates-share/protocol/wire";
import type * as v from "valibot";
import { WireFailure } from "../http/failure.ts";
import type { EventHandler } from "./event-handler.ts";
import type { SocketParts } from "./parts.ts";
import { SOCKET_LIMITS } from "./socket-limits.ts";
import { requireMember } from "./writer.ts";

/** Takes how far somebody has read, which the others are told; never further than they may read. */
export function readHandler({ watch, reads }: SocketParts): EventHandler<"read", v.InferOutput<typeof readSchema>> {
  return {
    event: "read",
    schema: readSchema,
    limit: SOCKET_LIMITS.read,
    async handle(line, { chat, seq }) {
      const { sender } = await requireMember(watch, line, chat);
      // Whoever takes part reads everything, so how far a chat goes is the same for all of them: asked once for a message.
      if (seq > reads.furthest(chat)) {
        const { access } = await watch.seatedNow(line, chat);
        reads.noteFurthest(chat, access.readThrough);
        if (seq > access.readThrough) throw new WireFailure("bad_request", "The chat does not go that far.");
      }
      reads.note(chat, { sender, seq });
      return {};
    },
  };
}
