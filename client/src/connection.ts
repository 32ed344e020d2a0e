import {
  type ClientToServerEvents,
  PACKET_PARSER,
  type Result,
  type ServerToClientEvents,
  SOCKET_PATH,
} from "@openmates-share/protocol/wire";
import { io, type Socket } from "socket.io-client";
import { refused, unreachable } from "./api.ts";

/** An acknowledgement that takes longer counts as a broken line; sends are repeated under the same id. */
const ACK_TIMEOUT = 20_000;

type RequestEvent = keyof ClientToServerEvents;
type Payload<E extends RequestEvent> = Parameters<ClientToServerEvents[E]>[0];
type Answer<E extends RequestEvent> =
  Parameters<Parameters<ClientToServerEvents[E]>[1]>[0] extends Result<infer T> ? T : never;

/** One line to the server for all rooms; it reconnects by itself, with growing and scattered pauses. */
export class Connection {
  readonly socket: Socket<ServerToClientEvents, ClientToServerEvents>;
  #session: string | null = null;

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
        session().then(
          (bearer) => {
            this.#session = bearer;
            answer({ session: bearer });
          },
          () => answer({ session: null }),
        );
      },
    });
    // A server that closes on purpose (a node going down) is not tried again by Socket.IO on its own.
    this.socket.on("disconnect", (reason) => {
      if (reason === "io server disconnect") this.socket.connect();
    });
  }

  /** Whether the line stands under that session; a reader's line has to be made anew to write. */
  stands(session: string | null): boolean {
    return this.socket.connected && this.#session === session;
  }

  connect(): void {
    this.socket.connect();
  }

  /** Makes the line anew, for a session that came to be after it was made. */
  renew(): void {
    this.socket.disconnect().connect();
  }

  /** @throws ClientError with the server's code, or `unreachable` when no acknowledgement comes. */
  async request<E extends RequestEvent>(event: E, payload: Payload<E>): Promise<Answer<E>> {
    if (!this.socket.connected) throw unreachable();
    let result: Result<Answer<E>>;
    try {
      // Socket.IO's own types can't follow an event that is itself a type parameter.
      const emit = this.socket.timeout(ACK_TIMEOUT).emitWithAck as unknown as (
        event: E,
        payload: Payload<E>,
      ) => Promise<Result<Answer<E>>>;
      result = await emit.call(this.socket.timeout(ACK_TIMEOUT), event, payload);
    } catch (cause) {
      throw unreachable(cause);
    }
    if (result.ok) return result;
    throw refused(result.error);
  }

  close(): void {
    this.socket.removeAllListeners();
    this.socket.disconnect();
  }
}
