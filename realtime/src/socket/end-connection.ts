import type { Line } from "./line.ts";

/** Engine.IO's side of a line: the connection itself, which may carry no line yet. */
export type EngineConnection = Line["conn"];

/** What a WebSocket is closed with (the registry of RFC 6455, section 11.7), so that whoever looks can see why. */
export const CLOSE_CODES = {
  /** This node goes down; others, or the next one, are there. */
  serviceRestart: 1012,
  /** It sent more than anybody does, or what is no packet. */
  policy: 1008,
  /** It takes less than is said; it may come back. */
  tryAgainLater: 1013,
} as const;

/** What the other side has to take its leave, milliseconds; `ws` alone would keep what it does not read for 30 seconds. */
const FAREWELL_MS = 3000;

/** Ends a connection and drops what still waits for it. Over polling there is no code to give. */
export function endConnection(connection: EngineConnection, why: keyof typeof CLOSE_CODES): void {
  const webSocket = webSocketOf(connection);
  connection.removeAllListeners("packetCreate");
  webSocket?.close(CLOSE_CODES[why]);
  connection.close(true);
  if (!webSocket) return;
  const farewell = setTimeout(() => webSocket.terminate(), FAREWELL_MS);
  webSocket.once("close", () => clearTimeout(farewell));
}

/** What of the `ws` package's WebSocket is needed here; Engine.IO keeps it out of its types. */
export interface WebSocketLike {
  close(code: number): void;
  terminate(): void;
  on(event: "ping", listener: () => void): unknown;
  once(event: "close", listener: () => void): unknown;
}

/** Null while the connection is made of requests (polling). */
export function webSocketOf({ transport }: Pick<EngineConnection, "transport">): WebSocketLike | null {
  return "socket" in transport ? (transport.socket as WebSocketLike) : null;
}
