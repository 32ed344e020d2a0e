import { encode } from "@msgpack/msgpack";
import { MSGPACK } from "@openmates-share/protocol/wire";
import fastify from "fastify";
import { expect, test } from "vitest";
import { acceptMsgpack } from "./msgpack.ts";

async function post(payload: Uint8Array) {
  const app = fastify();
  acceptMsgpack(app);
  app.post("/", async (request) => request.body);
  const headers = { "content-type": MSGPACK };
  const { statusCode, body } = await app.inject({ method: "POST", url: "/", headers, payload: Buffer.from(payload) });
  return { statusCode, body };
}

test("a MessagePack body is read", async () => {
  expect(await post(encode({ a: [1, 2] }))).toEqual({ statusCode: 200, body: '{"a":[1,2]}' });
});

test("announced lengths are not believed: ten nested arrays of 33 million entries in 50 bytes take no memory", async () => {
  const before = process.memoryUsage().rss;
  const header = [0xdd, 1, 0xff, 0xff, 0xff];
  const { statusCode } = await post(Uint8Array.from(Array.from({ length: 10 }, () => header).flat()));
  expect(statusCode).not.toBe(200);
  expect(process.memoryUsage().rss - before).toBeLessThan(100 * 2 ** 20);
});
