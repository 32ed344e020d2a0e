import {
  type ClientToServerEvents,
  PACKET_PARSER,
  type ServerToClientEvents,
  SOCKET_PATH,
} from "@openmates-share/protocol/wire";
import { io, type Socket } from "socket.io-client";
import * as v from "valibot";
import { refused, wireErrorSchema } from "./api.ts";
import { unreachable } from "./errors.ts";
import { readAnswer } from "./responses.ts";

/** An acknowledgement that takes longer counts as a broken line; sends are repeated under the same id. */
const ACK_TIMEOUT = 20_000;

type RequestEvent = keyof ClientToServerEvents;
type Payload<E extends RequestEvent> = Parameters<ClientToServerEvents[E]>[0];

/** Pause before a server that closed or refused the line is tried again, on average. Milliseconds. */
const REFUSED_PAUSE = 1_000;

/** One line to the server for all rooms; it reconnects by itself, with growing and scattered pauses. */
export class Connection {
  readonly socket: Socket<ServerToClientEvents, ClientToServerEvents>;
  /** Whose the line is to be; null for as long as that is the keyring's to say. */
  #wanted: string | null = null;
  /** What the last handshake said; undefined before there was one. */
  #spokenFor: string | null | undefined;
  /** A session that the server did not know: without it one can still read. */
  #unknown: string | null = null;
  #again: ReturnType<typeof setTimeout> | undefined;

  constructor({ server, session }: { server: string; session: () => Promise<string | null> }) {
    this.socket = io(server, {
      path: SOCKET_PATH,
      parser: PACKET_PARSER,
      autoConnect: false,
      transports: ["websocket", "polling"],
      tryAllTransports: true,
      reconnectionDelay: 500,
      reconnectionDelayMax: 10_000,
      auth: (answer) => {
        const speakFor = (bearer: string | null) => {
          const best = this.#wanted ?? bearer;
          this.#spokenFor = best === this.#unknown ? null : best;
          answer({ session: this.#spokenFor });
        };
        session().then(speakFor, () => speakFor(null));
      },
    });
    // A server that closes on purpose (a node going down) is not tried again by Socket.IO on its own.
    this.socket.on("disconnect", (reason) => {
      // Socket.IO keeps for the next line what it finds this one too old for, after a computer slept: there it would come
      // before we are in.
      this.socket.sendBuffer = [];
      if (reason === "io server disconnect") this.#tryAgain();
    });
    // Nor is one that refuses at the door, because it is without its database.
    this.socket.on("connect_error", (error) => {
      if (this.socket.active) return;
      if (codeOf(error) === "unauthorized") this.#unknown = this.#spokenFor ?? null;
      this.#tryAgain();
    });
  }

  /** Whose the line that stands is; null for nobody's. */
  get session(): string | null {
    return this.#spokenFor ?? null;
  }

  /** From now on the line speaks for that session, which may have come to be after the line was made. */
  use(session: string | null): void {
    this.#wanted = session;
    if (
      this.#spokenFor !== undefined &&
      this.#spokenFor !== session &&
      (session === null || session !== this.#unknown)
    ) {
      this.socket.disconnect().connect();
    }
  }

  connect(): void {
    this.socket.connect();
  }

  /** Tries at once, whatever pause it was in. */
  wake(): void {
    if (!this.socket.connected) this.socket.disconnect().connect();
  }

  /**
   * What the server answers, not looked at yet.
   * @throws ClientError with the server's code, or `unreachable` when no acknowledgement comes or it is none of ours
   */
  async request<E extends RequestEvent>(event: E, payload: Payload<E>): Promise<unknown> {
    if (!this.socket.connected) throw unreachable();
    let answer: unknown;
    try {
      // Socket.IO's own types can't follow an event that is itself a type parameter.
      const emit = this.socket.timeout(ACK_TIMEOUT).emitWithAck as unknown as (
        event: E,
        payload: Payload<E>,
      ) => Promise<unknown>;
      answer = await emit.call(this.socket.timeout(ACK_TIMEOUT), event, payload);
    } catch (cause) {
      throw unreachable(cause);
    }
    const result = readAnswer(resultSchema, answer);
    if (result.ok) return answer;
    throw refused(result.error);
  }

  close(): void {
    clearTimeout(this.#again);
    this.socket.removeAllListeners();
    this.socket.disconnect();
  }

  #tryAgain(): void {
    clearTimeout(this.#again);
    // Scattered: everybody was refused at the same moment.
    this.#again = setTimeout(() => this.socket.connect(), REFUSED_PAUSE * (0.5 + Math.random()));
  }
}

const resultSchema = v.variant("ok", [
  v.object({ ok: v.literal(true) }),
  v.object({ ok: v.literal(false), error: wireErrorSchema }),
]);

function codeOf(error: Error): string | null {
  const parsed = v.safeParse(wireErrorSchema, "data" in error ? error.data : null);
  return parsed.success ? parsed.output.code : null;
}
