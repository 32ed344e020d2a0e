import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** What can be wrong with a line. */
export const FAULTS = ["cut", "deaf", "frozen", "forgotten"] as const;
/**
 * - `cut`: both ends break in the middle of what is being said.
 * - `deaf`: what the client says arrives, what it is answered doesn't: acknowledgements get lost.
 * - `frozen`: nothing passes, and neither end is told.
 * - `forgotten`: the client's end breaks, the server's stands on, and hears from the same person on another one.
 */
export type Fault = (typeof FAULTS)[number];

/** A line to a server which fails as lines do: plain bytes, whatever is spoken on it. */
export interface BadLine {
  readonly url: string;
  /** Does something to all connections there are; what is half broken is wholly so after `RECOVERY_MS`. */
  fail(fault: Fault): void;
  /** While true nobody gets through, and nobody stays connected. */
  down: boolean;
  /** How many connections there have been. */
  readonly connections: number;
  stop(): Promise<void>;
}

/** How long a line may stay half broken. Milliseconds. */
const RECOVERY_MS = 250;
/** What a piece takes at most to pass. Milliseconds. */
const DELAY_MS = 8;

/** One connection through it, with both of its ends. */
class Connection {
  readonly #client: Socket;
  readonly #server: Socket;
  readonly #random: () => number;
  #fault: Fault | null = null;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: { client: Socket; server: Socket; random: () => number; onEnd: () => void }) {
    const { client, server, random, onEnd } = options;
    this.#client = client;
    this.#server = server;
    this.#random = random;
    this.#pass(client, server, () => this.#fault === "frozen");
    this.#pass(server, client, () => this.#fault === "frozen" || this.#fault === "deaf");
    let open = 2;
    for (const [end, other] of [
      [client, server],
      [server, client],
    ] as const) {
      end.setNoDelay(true);
      // Broken ends are what this is for.
      end.on("error", () => undefined);
      end.on("close", () => {
        if (this.#fault !== "forgotten") other.destroy();
        open--;
        if (open === 0) onEnd();
      });
    }
  }

  fail(fault: Fault): void {
    if (this.#fault) return;
    this.#fault = fault;
    if (fault === "forgotten") this.#client.destroy();
    const rest = fault === "cut" ? 0 : RECOVERY_MS * (0.3 + 0.7 * this.#random());
    this.#timer = setTimeout(() => this.end(), rest);
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#client.destroy();
    this.#server.destroy();
  }

  /** In order, each piece some time later; of what passes when the line is cut, a part. */
  #pass(from: Socket, to: Socket, isLost: () => boolean): void {
    let passing = Promise.resolve();
    from.on("data", (data: Buffer) => {
      passing = passing.then(async () => {
        if (this.#random() < 0.3) {
          await new Promise((resolve) => setTimeout(resolve, DELAY_MS * this.#random()));
        }
        if (isLost() || to.destroyed) return;
        const cut = this.#fault === "cut";
        to.write(cut ? data.subarray(0, Math.floor(data.length * this.#random())) : data);
        if (cut) this.end();
      });
    });
  }
}

/** `random` gives numbers from 0 to 1, so that a test can have the same delays again. */
export async function startBadLine(target: string, { random }: { random: () => number }): Promise<BadLine> {
  const { hostname, port } = new URL(target);
  const open = new Set<Connection>();
  let [down, connections] = [false, 0];
  const listener = createServer((client) => {
    if (down) {
      client.on("error", () => undefined).destroy();
      return;
    }
    connections++;
    const server = connect({ host: hostname, port: Number(port) });
    const connection: Connection = new Connection({ client, server, random, onEnd: () => open.delete(connection) });
    open.add(connection);
  }).listen(0, "127.0.0.1");
  await once(listener, "listening");
  const endAll = () => {
    for (const connection of open) connection.end();
  };
  return {
    url: `http://127.0.0.1:${(listener.address() as AddressInfo).port}`,
    fail(fault) {
      for (const connection of open) connection.fail(fault);
    },
    get down() {
      return down;
    },
    set down(isDown) {
      down = isDown;
      if (isDown) endAll();
    },
    get connections() {
      return connections;
    },
    async stop() {
      if (!listener.listening) return;
      listener.close();
      endAll();
      await once(listener, "close");
    },
  };
}

/** Numbers that look random and are the same for the same seed (mulberry32, Tommy Ettinger, public domain). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
