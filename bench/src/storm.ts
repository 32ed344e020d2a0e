import { once } from "node:events";
import { connect, type Socket } from "node:net";

/** How long one run lasts, in milliseconds. */
const LASTS = 1_000;
const CONNECTIONS = 16;

/** Whole answers per second to one path, asked for over and over on a few connections: as little work as asking can be. */
export async function answersPerSecond(url: string): Promise<number> {
  const { hostname, port, pathname } = new URL(url);
  const ask = Buffer.from(`GET ${pathname} HTTP/1.1\r\nhost: ${hostname}:${port}\r\n\r\n`);
  const sockets = await Promise.all(
    Array.from({ length: CONNECTIONS }, async () => {
      const socket = connect({ host: hostname, port: Number(port), noDelay: true });
      await once(socket, "connect");
      return socket;
    }),
  );
  const start = performance.now();
  const counts = await Promise.all(sockets.map((socket) => askUntil(socket, { ask, end: start + LASTS })));
  const seconds = (performance.now() - start) / 1000;
  return counts.reduce((all, one) => all + one, 0) / seconds;
}

/** The answers of one connection; they are all as long as the first. */
function askUntil(socket: Socket, { ask, end }: { ask: Buffer; end: number }): Promise<number> {
  return new Promise((resolve, reject) => {
    let length = 0;
    let missing = 0;
    let count = 0;
    const next = () => {
      if (performance.now() >= end) {
        socket.destroy();
        resolve(count);
        return;
      }
      missing = length;
      socket.write(ask);
    };
    socket.on("error", reject).on("data", (data) => {
      if (length === 0) {
        length = lengthOf(data);
        missing = length;
      }
      missing -= data.length;
      if (missing > 0) return;
      count += 1;
      next();
    });
    next();
  });
}

/** Of a whole answer, from its head. */
function lengthOf(data: Buffer): number {
  const head = data.toString("latin1");
  const [, status = ""] = /^HTTP\/1\.1 (\d+)/.exec(head) ?? [];
  const [, body] = /\r\ncontent-length: (\d+)\r\n/i.exec(head) ?? [];
  if (status !== "200" || body === undefined) throw new Error(`Asked for a page, and was given ${head.slice(0, 200)}`);
  return head.indexOf("\r\n\r\n") + 4 + Number(body);
}
