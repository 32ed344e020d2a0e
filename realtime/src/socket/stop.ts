import { stopSchema } from "@openmates-share/protocol/wire";
import type * as v from "valibot";
import type { EventHandler } from "./event-handler.ts";
import type { SocketParts } from "./parts.ts";
import { SOCKET_LIMITS } from "./socket-limits.ts";
import { requireMember } from "./writer.ts";

/** Ends a running answer; any member may. */
export function stopHandler({ watch, mate }: SocketParts): EventHandler<"stop", v.InferOutput<typeof stopSchema>> {
  return {
    event: "stop",
    schema: stopSchema,
    limit: SOCKET_LIMITS.stop,
    async handle(line, request) {
      await requireMember(watch, line, request.chat);
      await mate.stop(request);
      return {};
    },
  };
}
