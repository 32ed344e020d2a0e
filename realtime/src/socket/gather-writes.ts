import { binaryFrame } from "./binary-frame.ts";
import { type EngineConnection, webSocketOf } from "./end-connection.ts";
import type { EndOfTurn } from "./end-of-turn.ts";

/** What of Engine.IO's connection is not in its types. */
interface Flushing {
  writeBuffer: Waiting[];
  /** Hands what waits to the transport. */
  flush(): void;
}

/** A packet that waits. */
interface Waiting {
  readonly type: string;
  readonly data?: unknown;
  readonly options: { readonly wsPreEncodedFrame?: readonly Buffer[] };
}

/** Frames up to this many bytes are copied into one piece, which is quicker than to write them one by one. */
const SMALL_BYTES = 16 << 10;

/**
 * Has what one turn of the event loop says to a client go out in one write: an acknowledgement, the messages it was
 * committed with and who came meanwhile are packets of their own, and a write for each costs more than making them. The
 * turn ends as soon as nothing is left to be read, so that nobody waits for it.
 */
export function gatherWrites(connection: EngineConnection, turn: EndOfTurn): void {
  const engine = connection as unknown as Flushing;
  const flush = engine.flush.bind(connection);
  const write = () => {
    if (webSocketOf(connection) && engine.writeBuffer.length > 1) engine.writeBuffer = inPieces(engine.writeBuffer);
    flush();
  };
  engine.flush = () => turn.add(write);
}

/** The same bytes in fewer packets; WebSocket frames that follow each other may be written as one. */
function inPieces(waiting: readonly Waiting[]): Waiting[] {
  const pieces: Waiting[] = [];
  let small: { packet: Waiting; frame: Buffer }[] = [];
  const end = () => {
    const [first] = small;
    if (first && small.length === 1) pieces.push(first.packet);
    else if (first) pieces.push(onePiece(small.map(({ frame }) => frame)));
    small = [];
  };
  for (const packet of waiting) {
    const frame = smallFrameOf(packet);
    if (frame) small.push({ packet, frame });
    else {
      end();
      pieces.push(packet);
    }
  }
  end();
  return pieces;
}

function onePiece(frames: readonly Buffer[]): Waiting {
  return { type: "message", options: { wsPreEncodedFrame: [Buffer.concat(frames)] } };
}

/** Null for a packet that goes as it is: Engine.IO's own are text. */
function smallFrameOf({ data, options }: Waiting): Buffer | null {
  if (!(data instanceof Uint8Array) || data.length > SMALL_BYTES) return null;
  return options.wsPreEncodedFrame?.[0] ?? binaryFrame(data);
}
