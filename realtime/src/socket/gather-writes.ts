import { type EngineConnection, webSocketOf } from "./end-connection.ts";
import type { EndOfTurn } from "./end-of-turn.ts";

/** What of Engine.IO's connection is not in its types: hands what waits to the transport. */
interface Flushing {
  flush(): void;
}

/**
 * Has what one turn of the event loop says to a client go out in one write: an acknowledgement, the messages it was
 * committed with and who came meanwhile are packets of their own, and a write for each costs more than making them. The
 * turn ends as soon as nothing is left to be read, so that nobody waits for it.
 */
export function gatherWrites(connection: EngineConnection, turn: EndOfTurn): void {
  const engine = connection as unknown as Flushing;
  const flush = engine.flush.bind(connection);
  const write = () => {
    const socket = webSocketOf(connection)?._socket;
    socket?.cork();
    flush();
    socket?.uncork();
  };
  engine.flush = () => turn.add(write);
}
