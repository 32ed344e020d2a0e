import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { serialize } from "node:v8";
import { Server, type ServerOptions, type Socket } from "socket.io";
import { io } from "socket.io-client";

/** What stands in for an answer of the real server. */
export interface Forged {
  readonly status: number;
  readonly type: string;
  readonly body: string | Uint8Array;
}

/**
 * Stands between a client and a real server and passes everything on, except what a test has it forge, hold back or
 * refuse: a server that lies, or one that is half broken.
 */
export interface Meddler {
  readonly url: string;
  /** Waits before a request is passed on. */
  before: ((path: string) => Promise<unknown>) | null;
  /** Changes what the server answered. */
  alter: ((path: string, body: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>) | null;
  /** Changes what the server acknowledged on the line. */
  reply: ((event: string, answer: unknown) => unknown) | null;
  /** Whether an event of the server's gets lost. */
  lose: ((event: string) => boolean) | null;
  /** Answers in place of the server; null passes the request on. */
  forge: ((path: string) => Forged | null) | null;
  /** Waits before an event of a client is passed on. */
  hold: ((event: string) => Promise<unknown>) | null;
  /** Refuses connections at the door, as a server without its database does; null lets them in. */
  refuse: { readonly code: string; readonly message: string } | null;
  /** Told of everything that clients say, before it is passed on: bytes as they are, whatever is around them. */
  hears: ((said: Uint8Array) => void) | null;
  /** How many handshakes there were. */
  readonly handshakes: number;
  /** Says something to every client, as the server would. */
  say(event: string, payload: unknown): void;
  /** Breaks every line; clients come back by themselves. */
  cut(): void;
  stop(): Promise<void>;
}

/** How the two speak on the line: where it is, and the form of its packets. */
export type Line = Required<Pick<ServerOptions, "path" | "parser">>;

/** What belongs to one connection, or to the form in which the body travelled on it. */
const OF_THE_CONNECTION = ["connection", "content-encoding", "content-length", "keep-alive", "transfer-encoding"];

export async function startMeddler(server: string, line: Line): Promise<Meddler> {
  const http = createServer((request, response) => {
    passOn(request, response).catch(() => response.destroy());
  });
  const lines = new Server(http, { ...line, serveClient: false });
  let handshakes = 0;
  const meddler: Meddler = {
    url: "",
    before: null,
    alter: null,
    reply: null,
    lose: null,
    forge: null,
    hold: null,
    refuse: null,
    hears: null,
    get handshakes() {
      return handshakes;
    },
    say: (event, payload) => void lines.emit(event, payload),
    cut: () => cutAll(lines),
    async stop() {
      const closed = lines.close();
      // A browser keeps connections that it has no use for just now.
      http.closeAllConnections();
      await closed;
    },
  };

  lines.use((_line, next) => {
    handshakes++;
    next(meddler.refuse ? Object.assign(new Error(meddler.refuse.message), { data: meddler.refuse }) : undefined);
  });
  lines.on("connection", (client) => bridge(client));

  function bridge(client: Socket): void {
    const { auth } = client.handshake;
    const upstream = io(server, {
      ...line,
      transports: ["websocket"],
      auth,
      forceNew: true,
    });
    upstream.onAny((event: string, ...args: unknown[]) => {
      if (!meddler.lose?.(event)) client.emit(event, ...args);
    });
    client.onAny((event: string, ...args: unknown[]) => {
      const answerWith = args.pop() as (answer: unknown) => void; // The client wants an answer to everything.
      meddler.hears?.(serialize([event, args]));
      const pass = () =>
        upstream.emitWithAck(event, ...args).then(
          (answer: unknown) => answerWith(meddler.reply ? meddler.reply(event, answer) : answer),
          () => client.disconnect(true),
        );
      void (meddler.hold?.(event) ?? Promise.resolve()).then(pass);
    });
    client.on("disconnect", () => upstream.disconnect());
  }

  async function passOn(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? "";
    await meddler.before?.(path);
    const forged = meddler.forge?.(path);
    if (forged) {
      response.writeHead(forged.status, { "content-type": forged.type }).end(forged.body);
      return;
    }
    const { authorization, accept, "content-type": type, "x-share-link": link } = request.headers;
    const body = await buffer(request);
    meddler.hears?.(
      Buffer.concat([Buffer.from(`${request.method} ${path} ${JSON.stringify(request.headers)} `), body]),
    );
    const answer = await fetch(server + path, {
      method: request.method ?? "GET",
      headers: {
        ...(authorization ? { authorization } : {}),
        ...(accept ? { accept } : {}),
        ...(type ? { "content-type": type } : {}),
        ...(typeof link === "string" ? { "x-share-link": link } : {}),
      },
      body: body.length > 0 ? new Uint8Array(body) : null,
      redirect: "manual",
    });
    const headers = Object.fromEntries([...answer.headers].filter(([name]) => !OF_THE_CONNECTION.includes(name)));
    const answered = new Uint8Array(await answer.arrayBuffer());
    response.writeHead(answer.status, headers).end(meddler.alter?.(path, answered) ?? answered);
  }

  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  return Object.assign(meddler, { url: `http://127.0.0.1:${(http.address() as AddressInfo).port}` });
}

function cutAll(lines: Server): void {
  for (const line of lines.sockets.sockets.values()) line.conn.close(true);
}
