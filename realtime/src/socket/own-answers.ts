import {
  answerSchema,
  type ChatId,
  relaySchema,
  type ServerToClientEvents,
  settleSchema,
} from "@openmates-share/protocol/wire";
import type * as v from "valibot";
import type { Answerer } from "../mate/own-answers.ts";
import type { EventHandler } from "./event-handler.ts";
import type { Line } from "./line.ts";
import type { SocketParts } from "./parts.ts";
import { SOCKET_LIMITS } from "./socket-limits.ts";
import { requireWriter } from "./writer.ts";

/** The same for every event of a connection: by it the mate knows whose answer it is. */
const answerers = new WeakMap<Line, Answerer>();

export function answererOf(line: Line): Answerer {
  const known = answerers.get(line) ?? {
    halt: (change: Parameters<ServerToClientEvents["halt"]>[0]) => void line.emit("halt", change),
  };
  answerers.set(line, known);
  return known;
}

/** A member begins to answer with a model of their own: nothing of it is in clear here. */
export function answerHandler({
  watch,
  mate,
}: SocketParts): EventHandler<"answer", v.InferOutput<typeof answerSchema>> {
  return {
    event: "answer",
    schema: answerSchema,
    limit: SOCKET_LIMITS.answer,
    async handle(line, request) {
      const writer = await requireWriter(watch, line, request.chat);
      const begun = await mate.own.begin(writer, request, answererOf(line));
      // Whoever was removed meanwhile has left before there was anything to end.
      await stillHere(watch, line, request.chat, () => mate.own.lose(begun.stream));
      return begun;
    },
  };
}

async function stillHere(
  watch: SocketParts["watch"],
  line: Line,
  chat: ChatId,
  otherwise: () => Promise<void>,
): Promise<void> {
  try {
    await requireWriter(watch, line, chat);
  } catch (error) {
    await otherwise();
    throw error;
  }
}

/** Passes pieces of it on to the room. */
export function relayHandler({ watch, mate }: SocketParts): EventHandler<"relay", v.InferOutput<typeof relaySchema>> {
  return {
    event: "relay",
    schema: relaySchema,
    limit: SOCKET_LIMITS.relay,
    async handle(line, request) {
      await requireWriter(watch, line, request.chat);
      mate.own.relay(answererOf(line), request);
      return {};
    },
  };
}

/** Stores it, or says that there is none. */
export function settleHandler({
  watch,
  mate,
  allowance,
}: SocketParts): EventHandler<"settle", v.InferOutput<typeof settleSchema>> {
  return {
    event: "settle",
    schema: settleSchema,
    limit: SOCKET_LIMITS.settle,
    async handle(line, request) {
      const { chat, end } = request;
      const { isOwner } = await requireWriter(watch, line, chat);
      const message = end.type === "answered" && !isOwner ? end.message : null;
      if (message) allowance.require(chat, message.envelope);
      const receipt = await mate.own.settle(answererOf(line), request);
      if (message && receipt) allowance.spend(chat, { envelope: message.envelope, seq: receipt.seq });
      return {};
    },
  };
}
