import { randomBytes } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import { isJson } from "./json.ts";
import { signatureHeaders } from "./slack-signature.ts";

/** A request of Slack's to the app. */
export interface AppRequest {
  /** JSON for events, a form for everything else. */
  readonly body: string;
  readonly type: string;
  /** For tests that sign wrongly. */
  readonly sign?: (body: string) => Record<string, string>;
}

/** What the app answered. */
export interface Delivery {
  /** Over a WebSocket: 200 for acknowledged. */
  readonly status: number;
  readonly body: string;
  /** How long Slack had to wait for it. */
  readonly milliseconds: number;
}

/** An event that is not acknowledged by then is sent again. */
const AGAIN_MS = 3_000;
/** An app that hears nothing from Slack for half a minute calls again (`@slack/socket-mode`). */
const PING_MS = 10_000;

/** Slack's way to the app: signed requests to its address, or, when the app has called (Socket Mode), its WebSocket. */
export class AppLine {
  readonly signingSecret = randomBytes(16).toString("hex");
  readonly #sockets = new WebSocketServer({ noServer: true });
  /** What the app has not acknowledged, by the id of its envelope. */
  readonly #waiting = new Map<string, { text: string; acknowledge: (payload: unknown) => void }>();
  readonly #onConnected: () => void;
  #socket: WebSocket | null = null;
  #url: string | null = null;

  constructor(options: { onConnected: () => void }) {
    this.#onConnected = options.onConnected;
  }

  get connected(): boolean {
    return this.#socket !== null || this.#url !== null;
  }

  connect(url: string): void {
    this.#url = url;
    this.#onConnected();
  }

  /** The app opens its WebSocket. */
  upgrade(request: IncomingMessage, connection: Duplex, head: Buffer): void {
    this.#sockets.handleUpgrade(request, connection, head, (socket) => {
      this.#socket = socket;
      socket.on("message", (data) => this.#acknowledged(String(data)));
      const pings = setInterval(() => socket.ping(), PING_MS);
      socket.on("close", () => {
        clearInterval(pings);
        if (this.#socket === socket) this.#socket = null;
      });
      socket.send(JSON.stringify({ type: "hello", num_connections: 1, connection_info: { app_id: "A0OPENMATES" } }));
      // As Slack does with what was on its way when a connection ended: one that is slow is given up and opened anew.
      for (const { text } of this.#waiting.values()) socket.send(text);
      this.#onConnected();
    });
  }

  async deliver(request: AppRequest): Promise<Delivery> {
    const start = performance.now();
    const answer = this.#socket ? await this.#overSocket(this.#socket, request) : await this.#overHttp(request);
    return { ...answer, milliseconds: performance.now() - start };
  }

  stop(): void {
    for (const { acknowledge } of this.#waiting.values()) acknowledge(undefined);
    this.#waiting.clear();
    for (const socket of this.#sockets.clients) socket.terminate();
    this.#sockets.close();
  }

  async #overHttp({ body, type, sign }: AppRequest) {
    if (!this.#url) throw new Error("The app is not connected yet.");
    const timestamp = Math.floor(Date.now() / 1000);
    const signature = sign?.(body) ?? signatureHeaders({ secret: this.signingSecret, timestamp, body });
    const response = await fetch(this.#url, { method: "POST", body, headers: { "content-type": type, ...signature } });
    return { status: response.status, body: await response.text() };
  }

  async #overSocket(socket: WebSocket, { body, type }: AppRequest) {
    const id = randomBytes(8).toString("hex");
    const envelope = envelopeOf({ body, type });
    const text = JSON.stringify({ envelope_id: id, accepts_response_payload: true, ...envelope });
    const again = envelope.type === "events_api" ? setInterval(() => this.#socket?.send(text), AGAIN_MS) : undefined;
    const payload = await new Promise<unknown>((acknowledge) => {
      this.#waiting.set(id, { text, acknowledge });
      socket.send(text);
    }).finally(() => clearInterval(again));
    return { status: 200, body: payload === undefined ? "" : JSON.stringify(payload) };
  }

  #acknowledged(text: string): void {
    const message: unknown = JSON.parse(text);
    if (!isJson(message)) return;
    const id = String(message.envelope_id);
    this.#waiting.get(id)?.acknowledge(message.payload);
    this.#waiting.delete(id);
  }
}

/** What the same request is on a WebSocket: without a signature, and under the name of its sort. */
function envelopeOf({ body, type }: AppRequest) {
  if (type === "application/json") return { type: "events_api", payload: JSON.parse(body) };
  const form = Object.fromEntries(new URLSearchParams(body));
  if (form.payload !== undefined) return { type: "interactive", payload: JSON.parse(form.payload) };
  return { type: "slash_commands", payload: form };
}
