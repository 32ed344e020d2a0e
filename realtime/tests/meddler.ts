import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { PACKET_PARSER, type ServerToClientEvents, SOCKET_PATH } from "@openmates-share/protocol/wire";
import { Server, type Socket } from "socket.io";
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
  /** Whether an event of the server's gets lost. */
  lose: ((event: string) => boolean) | null;
  /** Answers in place of the server; null passes the request on. */
  forge: ((path: string) => Forged | null) | null;
  /** Waits before an event of a client is passed on. */
  hold: ((event: string) => Promise<unknown>) | null;
  /** Refuses connections at the door, as a server without its database does; null lets them in. */
  refuse: { readonly code: string; readonly message: string } | null;
  /** How many handshakes there were. */
  readonly handshakes: number;
  /** Says something to every client, as the server would. */
  say(event: keyof ServerToClientEvents, payload: unknown): void;
  /** Breaks every line; clients come back by themselves. */
  cut(): void;
  stop(): Promise<void>;
}

export async function startMeddler(server: string): Promise<Meddler> {
  const http = createServer((request, response) => void passOn(request, response));
  const lines = new Server(http, { path: SOCKET_PATH, parser: PACKET_PARSER, serveClient: false });
  let handshakes = 0;
  const meddler: Meddler = {
    url: "",
    before: null,
    alter: null,
    lose: null,
    forge: null,
    hold: null,
    refuse: null,
    get handshakes() {
      return handshakes;
    },
    say: (event, payload) => void lines.emit(event, payload),
    cut: () => cutAll(lines),
    async stop() {
      await lines.close();
    },
  };

  lines.use((_line, next) => {
    handshakes++;
    next(meddler.refuse ? Object.assign(new Error(meddler.refuse.message), { data: meddler.refuse }) : undefined);
  });
  lines.on("connection", (line) => bridge(line));

  function bridge(line: Socket): void {
    const { auth } = line.handshake;
    const upstream = io(server, {
      path: SOCKET_PATH,
      parser: PACKET_PARSER,
      transports: ["websocket"],
      auth,
      forceNew: true,
    });
    upstream.onAny((event: string, ...args: unknown[]) => {
      if (!meddler.lose?.(event)) line.emit(event, ...args);
    });
    line.onAny((event: string, ...args: unknown[]) => {
      const reply = args.pop() as (answer: unknown) => void; // The client wants an answer to everything.
      const pass = () => upstream.emitWithAck(event, ...args).then(reply, () => line.disconnect(true));
      void (meddler.hold?.(event) ?? Promise.resolve()).then(pass);
    });
    line.on("disconnect", () => upstream.disconnect());
  }

  async function passOn(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? "";
    await meddler.before?.(path);
    const forged = meddler.forge?.(path);
    if (forged) {
      response.writeHead(forged.status, { "content-type": forged.type }).end(forged.body);
      return;
    }
    const { authorization, "content-type": type, "x-share-link": link } = request.headers;
    const body = await buffer(request);
    const answer = await fetch(server + path, {
      method: request.method ?? "GET",
      headers: {
        ...(authorization ? { authorization } : {}),
        ...(type ? { "content-type": type } : {}),
        ...(typeof link === "string" ? { "x-share-link": link } : {}),
      },
      body: body.length > 0 ? new Uint8Array(body) : null,
    });
    const headers = { "content-type": answer.headers.get("content-type") ?? "text/plain" };
    const answered = new Uint8Array(await answer.arrayBuffer());
    response.writeHead(answer.status, headers).end(meddler.alter?.(path, answered) ?? answered);
  }

  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  return Object.assign(meddler, { url: `http://127.0.0.1:${(http.address() as AddressInfo).port}` });
}

function cutAll(lines: Server): void {
  for (const line of lines.sockets.sockets.values()) line.conn.close(true);
}
