import { expect, test } from "vitest";
import { binaryFrame } from "./binary-frame.ts";
import type { EngineConnection } from "./end-connection.ts";
import { EndOfTurn } from "./end-of-turn.ts";
import { gatherWrites } from "./gather-writes.ts";

interface Packet {
  readonly type: string;
  readonly data?: unknown;
  readonly options: { readonly wsPreEncodedFrame?: readonly Buffer[] };
}

/** A connection as Engine.IO has them, that remembers what each flush handed to the transport. */
function connection({ webSocket }: { webSocket: boolean }) {
  const flushed: (readonly Packet[])[] = [];
  const engine = {
    transport: webSocket ? { socket: {} } : {},
    writeBuffer: [] as Packet[],
    flush() {
      if (engine.writeBuffer.length > 0) flushed.push(engine.writeBuffer);
      engine.writeBuffer = [];
    },
  };
  gatherWrites(engine as unknown as EngineConnection, new EndOfTurn());
  const say = (...packets: Packet[]) => {
    for (const packet of packets) {
      engine.writeBuffer.push(packet);
      engine.flush();
    }
  };
  return { flushed, say };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));
const message = (data: Uint8Array): Packet => ({ type: "message", data, options: {} });

test("what is said in one turn goes in one write, framed as each would be, in its order", async () => {
  const { flushed, say } = connection({ webSocket: true });
  const [first, second] = [Buffer.from("first"), Buffer.alloc(300, 2)];
  say(message(first), { ...message(second), options: { wsPreEncodedFrame: [binaryFrame(second)] } });
  expect(flushed).toEqual([]);
  await turn();
  const bytes = Buffer.concat([binaryFrame(first), binaryFrame(second)]);
  expect(flushed).toEqual([[{ type: "message", options: { wsPreEncodedFrame: [bytes] } }]]);
});

test("large packets and Engine.IO's own go as they are, between the others", async () => {
  const { flushed, say } = connection({ webSocket: true });
  const small = message(Buffer.from("small"));
  const others = [small, message(new Uint8Array(20_000)), small, { type: "ping", options: {} }, small];
  say(...others);
  await turn();
  expect(flushed).toEqual([others]);
});

test("over polling every packet stays one", async () => {
  const { flushed, say } = connection({ webSocket: false });
  const both = [message(Buffer.from("one")), message(Buffer.from("two"))];
  say(...both);
  await turn();
  expect(flushed).toEqual([both]);
});

test.each([0, 125, 126, 65_535, 65_536])("a frame tells its length: %i bytes", (length) => {
  const frame = binaryFrame(new Uint8Array(length));
  const start = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  expect(frame.length).toBe(start + length);
  expect(frame[0]).toBe(0x82);
  expect(start === 2 ? frame[1] : start === 4 ? frame.readUInt16BE(2) : Number(frame.readBigUInt64BE(2))).toBe(length);
});
