import {
  type ChatId,
  isId,
  PACKET_PARSER,
  type SenderId,
  type ServerToClientEvents,
  SOCKET_PATH,
} from "@openmates-share/protocol/wire";
import { io, type Socket } from "socket.io-client";
import type { AnswerTo, ClientEvent } from "../src/socket/line.ts";
import { claimOf } from "./claims.ts";
import { PATIENCE, until } from "./until.ts";

type Heard<E extends keyof ServerToClientEvents> = Parameters<ServerToClientEvents[E]>[0];

/** A bare client of the socket, which keeps everything that it hears. */
export class TestClient {
  readonly socket: Socket;
  readonly #session: string | null;
  readonly #heard: { event: string; payload: unknown }[] = [];

  constructor(options: { url: string; session: string | null; transports?: ("websocket" | "polling")[] }) {
    const { url, session, transports = ["websocket"] } = options;
    this.#session = session;
    this.socket = io(url, {
      path: SOCKET_PATH,
      parser: PACKET_PARSER,
      transports,
      auth: { session },
      forceNew: true,
      reconnectionDelay: 20,
      reconnectionDelayMax: 50,
    });
    this.socket.onAny((event: string, payload: unknown) => this.#heard.push({ event, payload }));
  }

  static async connect(options: ConstructorParameters<typeof TestClient>[0]): Promise<TestClient> {
    const client = new TestClient(options);
    await until(() => client.socket.connected);
    return client;
  }

  /** Sends anything at all; what comes back is what the server answered. */
  async raw(event: string, ...args: unknown[]): Promise<unknown> {
    return this.socket.timeout(PATIENCE).emitWithAck(event, ...args);
  }

  /** @throws Error with the refusal's code as its message */
  async request<E extends ClientEvent>(event: E, payload: unknown): Promise<AnswerTo<E>> {
    const result = (await this.raw(event, this.#proved(event, payload))) as {
      ok: boolean;
      error?: { code: string };
    };
    if (!result.ok) throw new Error(result.error?.code);
    return result as unknown as AnswerTo<E>;
  }

  /** The code of the refusal that this event is answered with. */
  async refusal(event: string, payload: unknown): Promise<string> {
    const result = (await this.raw(event, this.#proved(event, payload))) as {
      ok: boolean;
      error?: { code: string; message: string };
    };
    if (result.ok || !result.error) throw new Error(`${event} was not refused`);
    if (!result.error.message) throw new Error(`${event} was refused without a sentence`);
    return result.error.code;
  }

  /** As our clients do: who comes in claims their sender, unless the test says what is claimed. */
  #proved(event: string, payload: unknown): unknown {
    const session = this.#session;
    if (event !== "join" || session === null || typeof payload !== "object" || payload === null) return payload;
    if ("claim" in payload || !("chat" in payload && "sender" in payload)) return payload;
    const { chat, sender } = payload;
    if (!isId(chat) || !isId(sender)) return payload;
    return { ...payload, claim: claimOf({ chat: chat as ChatId, sender: sender as SenderId, session }) };
  }

  heard<E extends keyof ServerToClientEvents>(event: E): Heard<E>[] {
    return this.#heard.filter((entry) => entry.event === event).map((entry) => entry.payload as Heard<E>);
  }

  /** Resolves with the first payload of the event that fits, heard before or after the call. */
  async hears<E extends keyof ServerToClientEvents>(
    event: E,
    fits: (payload: Heard<E>) => boolean = () => true,
  ): Promise<Heard<E>> {
    return until(() => this.heard(event).find(fits));
  }

  /** Resolves when everything that was said to this client before has arrived: a round trip behind it. */
  async settled(): Promise<void> {
    await this.raw("nothing");
  }

  close(): void {
    this.socket.disconnect();
  }
}
