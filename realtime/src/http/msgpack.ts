import { decode, encode } from "@msgpack/msgpack";
import { MSGPACK } from "@openmates-share/protocol/wire";
import type { FastifyInstance, FastifyReply } from "fastify";
import { checkFrame } from "../socket/frame-guard.ts";
import { WireFailure } from "./failure.ts";

/** Lets routes take MessagePack bodies. */
export function acceptMsgpack(app: FastifyInstance): void {
  app.addContentTypeParser(MSGPACK, { parseAs: "buffer" }, async (_request: unknown, body: Buffer) => unpack(body));
}

export function sendMsgpack(reply: FastifyReply, body: object): FastifyReply {
  return reply.type(MSGPACK).send(Buffer.from(encode(body)));
}

function unpack(body: Buffer): unknown {
  try {
    checkFrame(body);
    return decode(body);
  } catch (cause) {
    throw new WireFailure("bad_request", "The body is not MessagePack.", { cause });
  }
}
