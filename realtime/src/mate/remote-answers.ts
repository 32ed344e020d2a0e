import { type Bytes, ownBytes, type StreamId } from "@openmates-share/protocol/wire";
import * as v from "valibot";
import type { Bus } from "../cluster/bus.ts";
import type { NodeId } from "../cluster/node-id.ts";

const STOP = "mate:stop";
const DELTAS = "mate:deltas";

const streamSchema = v.object({ stream: v.string() });
const deltasSchema = v.array(v.instance(Uint8Array));

/** Answers that another node writes: how to stop one there, and what it has streamed so far. */
export class RemoteAnswers {
  readonly #bus: Bus;

  constructor(options: {
    bus: Bus;
    /** False when no such answer is being written here. */
    stopHere: (stream: StreamId) => boolean;
    /** The sealed pieces in order; [] when no such answer is being written here. */
    deltasHere: (stream: StreamId) => readonly Bytes[];
  }) {
    const { bus, stopHere, deltasHere } = options;
    this.#bus = bus;
    // Stream ids of other nodes are compared with our own, never used otherwise.
    bus.onRequest(STOP, async (message) => stopHere(v.parse(streamSchema, message).stream as StreamId));
    bus.onRequest(DELTAS, async (message) => deltasHere(v.parse(streamSchema, message).stream as StreamId));
  }

  /** False when the node does not answer or no longer writes it. */
  async stop(node: NodeId, stream: StreamId): Promise<boolean> {
    return (await this.#bus.request(node, STOP, { stream })) === true;
  }

  /** [] when the node does not answer. */
  async deltas(node: NodeId, stream: StreamId): Promise<readonly Bytes[]> {
    const parsed = v.safeParse(deltasSchema, await this.#bus.request(node, DELTAS, { stream }));
    return parsed.success ? parsed.output.map(ownBytes) : [];
  }
}
