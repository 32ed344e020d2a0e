import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { afterEach, expect, test } from "vitest";
import { RawLine } from "./raw-line.ts";

const ended: (() => void)[] = [];
afterEach(() => {
  for (const end of ended.splice(0)) end();
});

/** A line, and the server's end of its connection. */
async function opened(): Promise<{ line: RawLine; far: Socket }> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  const coming = once(server, "connection") as Promise<[Socket]>;
  const opening = RawLine.open(`http://127.0.0.1:${port}/`);
  const [far] = await coming;
  await once(far, "data");
  far.setNoDelay(true).write("HTTP/1.1 101 Switching Protocols\r\n\r\n");
  const line = await opening;
  ended.push(
    () => line.close(),
    () => far.destroy(),
    () => server.close(),
  );
  return { line, far };
}

function frame(payload: Buffer): Buffer {
  const { length } = payload;
  const head = length < 126 ? [0x82, length] : length < 65_536 ? [0x82, 126, length >> 8, length & 255] : null;
  if (head) return Buffer.concat([Uint8Array.from(head), payload]);
  const long = Buffer.from([0x82, 127, 0, 0, 0, 0, 0, 0, 0, 0]);
  long.writeBigUInt64BE(BigInt(length), 2);
  return Buffer.concat([long, payload]);
}

/** The next so many frames of a line, as they come. */
function framesOf(line: RawLine, count: number): Promise<Buffer[]> {
  return new Promise((resolve) => {
    const heard: Buffer[] = [];
    line.onFrame = (payload) => {
      heard.push(Buffer.from(payload));
      if (heard.length === count) resolve(heard);
    };
  });
}

test.each([1, 3, 1000, 100_000])("frames come whole however they were cut: pieces of %i bytes", async (piece) => {
  const payloads = [0, 1, 125, 126, 70_000, 5].map((length, at) =>
    Buffer.alloc(piece < 1000 ? length % 997 : length, at),
  );
  const { line, far } = await opened();
  const heard = framesOf(line, payloads.length);
  const bytes = Buffer.concat(payloads.map(frame));
  for (let at = 0; at < bytes.length; at += piece) {
    far.write(bytes.subarray(at, at + piece));
    await new Promise(setImmediate);
  }
  expect(await heard).toEqual(payloads);
});

test.each([1, 1000, 100_000])(
  "of frames that are skimmed the beginning comes, and all of those behind them: pieces of %i bytes",
  async (piece) => {
    const payloads = [300, piece < 1000 ? 3_000 : 70_000, 5].map((length, at) => Buffer.alloc(length, at + 1));
    const { line, far } = await opened();
    line.keptBytes = 20;
    const coming = framesOf(line, payloads.length);
    const bytes = Buffer.concat(payloads.map(frame));
    for (let at = 0; at < bytes.length; at += piece) far.write(bytes.subarray(at, at + piece));
    const heard = await coming;
    for (const [at, payload] of payloads.entries()) {
      const begun = heard[at] ?? Buffer.alloc(0);
      expect(begun.length).toBeGreaterThanOrEqual(Math.min(payload.length, 10));
      expect(payload.subarray(0, begun.length)).toEqual(begun);
    }
  },
);
