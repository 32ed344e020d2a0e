import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

/** What is held of the answer to whatever ends with a message that holds `question`. */
interface Held {
  readonly question: string;
  /** Pieces that pass. */
  readonly after: number;
  readonly released: Promise<void>;
}

/** Stands in front of a model and lets an answer through as far as a test wants, for as long as it wants. */
export interface ModelGate {
  readonly url: string;
  /** From now on; returns what lets the rest pass. */
  hold(question: string, after: number): () => void;
  /** Nothing that is said of this question is held from now on. */
  open(question: string): void;
  stop(): Promise<void>;
}

export async function startModelGate(target: string): Promise<ModelGate> {
  const holds: Held[] = [];
  const server = createServer((request, response) => {
    passOn({ target, request, response, holds }).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const open = (question: string) => {
    holds.splice(0, holds.length, ...holds.filter((held) => held.question !== question));
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, // It listens on a port, not on a pipe.
    hold(question, after) {
      open(question);
      let release = () => {};
      const released = new Promise<void>((resolve) => {
        release = resolve;
      });
      holds.unshift({ question, after, released });
      return release;
    },
    open,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function passOn(passing: {
  target: string;
  request: IncomingMessage;
  response: ServerResponse;
  holds: readonly Held[];
}): Promise<void> {
  const { target, request, response, holds } = passing;
  const body = await buffer(request);
  const gone = new AbortController();
  response.on("close", () => gone.abort());
  const held = holds.find(({ question }) => lastQuestion(body).includes(question));
  const { authorization = "", "content-type": type = "application/json", origin } = request.headers;
  const answer = await fetch(target + (request.url ?? ""), {
    method: request.method ?? "GET",
    headers: { authorization, "content-type": type, ...(origin ? { origin } : {}), ...corsOf(request) },
    body: body.length > 0 ? new Uint8Array(body) : null,
    signal: gone.signal,
  });
  const headers = [...answer.headers].filter(
    ([name]) => !/^(?:connection|content-length|transfer-encoding)$/.test(name),
  );
  response.writeHead(answer.status, Object.fromEntries(headers));
  response.flushHeaders();
  let pieces = 0;
  for await (const event of eventsOf(answer)) {
    if (held && /"content":"[^"]/.test(event) && pieces++ >= held.after) await held.released;
    response.write(event);
  }
  response.end();
}

/** What a browser asks first, where it is another origin's. */
function corsOf({ headers }: IncomingMessage): Record<string, string> {
  const asked = Object.entries(headers).filter(([name]) => name.startsWith("access-control-request-"));
  return Object.fromEntries(asked.map(([name, value]) => [name, String(value)]));
}

/** One event of a stream after another, as they came; of what is no stream, its lines. */
async function* eventsOf(answer: Response): AsyncGenerator<string> {
  let rest = "";
  for await (const chunk of answer.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    const events = (rest + chunk).split(/(?<=\n\n)/);
    rest = events.at(-1)?.endsWith("\n\n") ? "" : (events.pop() ?? "");
    yield* events;
  }
  if (rest) yield rest;
}

/** The text of the last message that a person wrote. */
function lastQuestion(body: Buffer): string {
  try {
    const { messages } = JSON.parse(body.toString()) as { messages: { role: string; content: unknown }[] };
    return JSON.stringify(messages.findLast(({ role }) => role === "user")?.content ?? "");
  } catch {
    return "";
  }
}
