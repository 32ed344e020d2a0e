import { askSchema } from "@openmates-share/protocol/wire";
import type * as v from "valibot";
import type { EventHandler } from "./event-handler.ts";
import type { SocketParts } from "./parts.ts";
import { SOCKET_LIMITS } from "./socket-limits.ts";
import { requireWriter } from "./writer.ts";

/** Hands a mention to the mate (R9); answered when it is taken, the answer itself comes to the room. */
export function askHandler({ watch, mate }: SocketParts): EventHandler<"ask", v.InferOutput<typeof askSchema>> {
  return {
    event: "ask",
    schema: askSchema,
    limit: SOCKET_LIMITS.ask,
    async handle(line, request) {
      return mate.ask(await requireWriter(watch, line, request.chat), request);
    },
  };
}
