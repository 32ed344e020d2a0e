import { encode } from "@msgpack/msgpack";
import { describe, expect, test } from "vitest";
import { PacketDecoder, PacketEncoder } from "./packets.ts";

function decoded(frame: unknown): unknown {
  const decoder = new PacketDecoder();
  const heard: unknown[] = [];
  decoder.on("decoded", (packet) => heard.push(packet));
  decoder.add(frame);
  return heard[0];
}

describe("packets", () => {
  test("bytes come out as they went in, also those that are a part of larger memory", () => {
    const memory = new Uint8Array([0, 1, 2, 3, 4]);
    const [frame] = new PacketEncoder().encode({ type: 2, nsp: "/", data: ["send", { bytes: memory.subarray(1, 4) }] });
    expect(decoded(frame)).toEqual({ type: 2, nsp: "/", data: ["send", { bytes: new Uint8Array([1, 2, 3]) }] });
  });

  test("frames may be an ArrayBuffer or a Node Buffer; bytes in them never are Buffers", () => {
    const [frame] = new PacketEncoder().encode({ type: 3, nsp: "/", id: 7, data: [new Uint8Array([5])] });
    for (const form of [frame.slice().buffer, Buffer.from(frame)]) {
      const packet = decoded(form) as { data: [Uint8Array] };
      expect(packet).toEqual({ type: 3, nsp: "/", id: 7, data: [new Uint8Array([5])] });
      expect(Buffer.isBuffer(packet.data[0])).toBe(false);
    }
  });

  test("one frame does not change with the next", () => {
    const encoder = new PacketEncoder();
    const [first] = encoder.encode({ type: 2, nsp: "/", data: ["one"] });
    const before = first.slice();
    encoder.encode({ type: 2, nsp: "/", data: ["two"] });
    expect(first).toEqual(before);
  });

  test("what Socket.IO adds for itself stays at home", () => {
    const options = { compress: true };
    const [frame] = new PacketEncoder().encode({ type: 1, nsp: "/", options } as never);
    expect(decoded(frame)).toEqual({ type: 1, nsp: "/" });
  });

  const refused: readonly [string, unknown][] = [
    ["text", "2[]"],
    ["no map", encode([2, "/"])],
    ["nothing", new Uint8Array(0)],
    ["two values", new Uint8Array([1, 2])],
    ["an unknown type", encode({ type: 5, nsp: "/", data: [] })],
    ["no namespace", encode({ type: 2, data: ["a"] })],
    ["an event without a name", encode({ type: 2, nsp: "/", data: [] })],
    ["an event named by a number", encode({ type: 2, nsp: "/", data: [1] })],
    ["an event of Socket.IO's own", encode({ type: 2, nsp: "/", data: ["disconnect"] })],
    ["an event without arguments", encode({ type: 2, nsp: "/", data: {} })],
    ["an id that is no number", encode({ type: 2, nsp: "/", data: ["a"], id: "1" })],
    ["an id of null", encode({ type: 2, nsp: "/", data: ["a"], id: null })],
    ["a disconnect with data", encode({ type: 1, nsp: "/", data: [] })],
    ["a connect with a list", encode({ type: 0, nsp: "/", data: [] })],
  ];
  test.each(refused)("refuses %s", (_, frame) => {
    expect(() => decoded(frame)).toThrow();
  });
});
