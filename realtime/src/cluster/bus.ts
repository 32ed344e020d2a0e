import type { NodeId } from "./node-id.ts";

/** How nodes talk. Messages are what MessagePack can carry; whoever listens parses them. */
export interface Bus {
  readonly node: NodeId;
  /** False while this node cannot reach the others. */
  readonly connected: boolean;
  /** Tells all other nodes. False when it could not be said; nothing is said twice. */
  broadcast(topic: string, message: unknown): Promise<boolean>;
  onBroadcast(topic: string, listener: (message: unknown) => void): void;
  /** Asks one other node. Null when no answer came in time: it has ended, or cannot be reached. */
  request(node: NodeId, topic: string, message: unknown): Promise<unknown>;
  onRequest(topic: string, answer: (message: unknown) => Promise<unknown>): void;
  /** The line to the others was broken and is back: what was said meanwhile, by them or to them, is lost. */
  onRestored(listener: () => void): void;
  stop(): Promise<void>;
}
