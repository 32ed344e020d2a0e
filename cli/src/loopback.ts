import { once } from "node:events";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { ClientError } from "@openmates-share/client";

/** Whoever looks up a password is back by then. Milliseconds. */
const PATIENCE = 5 * 60_000;

/** What Google puts into the address that it sends somebody back to. */
export interface WayBack {
  readonly state: string;
  readonly code: string;
}

/** Where a browser on this machine is sent back to (RFC 8252 section 7.3): on a free port, for one answer, and nobody else's. */
export class Loopback {
  readonly #http: Server;
  /** With a slash at the end. */
  readonly url: string;

  static async listen(): Promise<Loopback> {
    const http = createServer();
    http.listen(0, "127.0.0.1");
    await once(http, "listening");
    return new Loopback(http);
  }

  private constructor(http: Server) {
    this.#http = http;
    this.url = `http://127.0.0.1:${(http.address() as AddressInfo).port}/`; // It listens on a port, not on a pipe.
  }

  /** Resolves with the answer that bears the state; others are turned away. @throws ClientError `aborted`, `forbidden` */
  answer({ state, signal }: { state: string; signal: AbortSignal }): Promise<WayBack> {
    return new Promise((resolve, reject) => {
      const ends = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE)]);
      ends.addEventListener("abort", () => reject(new ClientError("aborted", "Nobody came back from Google.")), {
        once: true,
      });
      this.#http.on("request", ({ method, url = "/" }, response: ServerResponse) => {
        const { pathname, searchParams } = new URL(url, this.url);
        if (method !== "GET" || pathname !== "/" || searchParams.get("state") !== state) {
          say(response, { status: 404, sentence: "This is not what is waited for here." });
          return;
        }
        const code = searchParams.get("code");
        say(response, { status: 200, sentence: "You can close this window and go back to the terminal." });
        if (code) resolve({ state, code });
        else reject(new ClientError("forbidden", "The sign-in was called off at Google."));
      });
    });
  }

  /** May be called twice. */
  stop(): void {
    this.#http.closeAllConnections();
    this.#http.close();
  }
}

function say(response: ServerResponse, { status, sentence }: { status: number; sentence: string }): void {
  response.writeHead(status, {
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": "default-src 'none'",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
    connection: "close",
  });
  response.end(`<!doctype html><html lang="en"><title>OpenMates Share</title><p>${sentence}</p></html>`);
}
