import { Agent, type OutgoingHttpHeaders, request } from "node:http";

export interface Asked {
  readonly status: number;
  /** From the request's beginning to the answer's end. */
  readonly milliseconds: number;
}

/** One connection that is kept open, so that what is measured is the answer and not the greeting. */
export class Connection {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });
  readonly #server: string;

  constructor(server: string) {
    this.#server = server;
  }

  /** @param route "GET /healthz" */
  ask(route: string, headers: OutgoingHttpHeaders = {}): Promise<Asked> {
    const [method = "GET", path = "/"] = route.split(" ");
    return new Promise((resolve, reject) => {
      const start = performance.now();
      const outgoing = request(new URL(path, this.#server), { method, agent: this.#agent, headers }, (answer) => {
        const finish = () => resolve({ status: answer.statusCode ?? 0, milliseconds: performance.now() - start });
        answer.resume().on("end", finish).on("error", reject);
      });
      outgoing.on("error", reject).end();
    });
  }

  /** May be called twice. */
  stop(): void {
    this.#agent.destroy();
  }
}

let sources = 0;

/** Another address for each request, as requests have in earnest: no source is refused for asking often. */
export function fromAnotherSource(): { "x-forwarded-for": string } {
  sources += 1;
  return { "x-forwarded-for": `10.${(sources >> 16) & 255}.${(sources >> 8) & 255}.${sources & 255}` };
}
