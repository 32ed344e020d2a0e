import type { Bus } from "./bus.ts";
import { newNodeId } from "./node-id.ts";

/** The bus of a single process: there is nobody to tell, to hear or to ask. */
export class MemoryBus implements Bus {
  readonly node = newNodeId();
  readonly connected = true;

  async broadcast(): Promise<boolean> {
    return true;
  }
  onBroadcast(): void {}
  async request(): Promise<unknown> {
    return null;
  }
  onRequest(): void {}
  onRestored(): void {}
  async stop(): Promise<void> {}
}
