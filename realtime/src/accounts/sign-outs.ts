import { LIMITS, type SessionId, sessionIdSchema } from "@openmates-share/protocol/wire";
import * as v from "valibot";
import type { Bus } from "../cluster/bus.ts";

const TOPIC = "signed-out";

const messageSchema = v.pipe(v.array(sessionIdSchema), v.maxLength(LIMITS.sessions * 10));

type Listener = (sessions: readonly SessionId[]) => void;

/** Sessions that have ended, told in this process and to all nodes: caches and sockets listen. */
export class SignOuts {
  readonly #listeners = new Set<Listener>();
  #bus: Bus | null = null;
  /** What could not be told while the other nodes were out of reach; it is told late rather than never. */
  #untold: SessionId[] = [];

  /** From now on the other nodes are told, and tell us. */
  attach(bus: Bus): void {
    this.#bus = bus;
    bus.onRestored(() => {
      const untold = this.#untold;
      this.#untold = [];
      if (untold.length > 0) void this.#tell(untold);
    });
    bus.onBroadcast(TOPIC, (message) => {
      const parsed = v.safeParse(messageSchema, message);
      if (parsed.success) this.#hear(parsed.output);
    });
  }

  /** Returns the function that ends it. A listener must not throw. */
  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Only what is committed. */
  publish(sessions: readonly SessionId[]): void {
    if (sessions.length === 0) return;
    this.#hear(sessions);
    void this.#tell(sessions);
  }

  #hear(sessions: readonly SessionId[]): void {
    for (const listener of [...this.#listeners]) listener(sessions);
  }

  async #tell(sessions: readonly SessionId[]): Promise<void> {
    if (this.#bus && !(await this.#bus.broadcast(TOPIC, sessions))) this.#untold.push(...sessions);
  }
}
