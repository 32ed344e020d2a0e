import { Buffer } from "node:buffer";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { connect } from "node:net";
import { inTime } from "./in-time.ts";

/** Everything that is said to a Redis from now on, as `MONITOR` tells it. */
export interface RedisMonitor {
  /** All of it, up to and with what was said before this was called. */
  read(): Promise<Buffer>;
  stop(): void;
}

export async function monitorRedis(url: string): Promise<RedisMonitor> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  await once(socket, "connect");
  const chunks: Buffer[] = [];
  const waiting = new Set<() => void>();
  socket.on("data", (chunk: Buffer) => {
    chunks.push(chunk);
    for (const look of waiting) look();
  });
  socket.write("MONITOR\r\n");
  await once(socket, "data");
  const readUpTo = (mark: string) =>
    new Promise<Buffer>((resolve) => {
      const look = () => {
        const heard = Buffer.concat(chunks);
        if (!heard.includes(mark)) return;
        waiting.delete(look);
        resolve(Buffer.concat([heard, Buffer.from("\n"), unescaped(heard)]));
      };
      waiting.add(look);
      look();
    });
  return {
    async read() {
      // What is said last is told last.
      const mark = `read up to ${randomUUID()}`;
      const speaker = connect(Number(port), hostname);
      speaker.end(`PING "${mark}"\r\n`);
      const heard = () => Buffer.concat(chunks).toString("latin1").slice(-500);
      return inTime(readUpTo(mark), { complaint: () => `Redis has not told of “${mark}”, the last was: ${heard()}` });
    },
    stop: () => void socket.destroy(),
  };
}

/** MONITOR writes what is not printable as `\xHH`; this gives back the bytes. */
function unescaped(text: Buffer): Buffer {
  const bytes: number[] = [];
  const plain = { n: 10, r: 13, t: 9, a: 7, b: 8 } as const;
  const isPlain = (letter: string): letter is keyof typeof plain => letter in plain;
  for (let i = 0; i < text.length; i++) {
    const letter = String.fromCharCode(text[i + 1] ?? 0);
    if (text[i] !== 92) {
      bytes.push(text[i] ?? 0);
    } else if (letter === "x") {
      bytes.push(Number.parseInt(text.toString("latin1", i + 2, i + 4), 16));
      i += 3;
    } else {
      bytes.push(isPlain(letter) ? plain[letter] : (text[i + 1] ?? 0));
      i += 1;
    }
  }
  return Buffer.from(bytes);
}
