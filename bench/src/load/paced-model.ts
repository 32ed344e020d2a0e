import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A model behind an OpenAI-compatible endpoint whose every piece is given by hand, so that one knows when. */
export interface PacedModel {
  readonly url: string;
  /** The next request for an answer, as somebody waits for its first piece. */
  next(): Promise<PacedAnswer>;
  stop(): Promise<void>;
}

export interface PacedAnswer {
  say(text: string): void;
  end(): void;
}

export async function startPacedModel(): Promise<PacedModel> {
  const waiting: PacedAnswer[] = [];
  const wanted: ((answer: PacedAnswer) => void)[] = [];
  const server = createServer(async (request, response) => {
    request.resume();
    await once(request, "end");
    response.writeHead(200, { "content-type": "text/event-stream" }).flushHeaders();
    const answer = answerOn(response);
    const taker = wanted.shift();
    if (taker) taker(answer);
    else waiting.push(answer);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    next: () => {
      const answer = waiting.shift();
      return answer ? Promise.resolve(answer) : new Promise((resolve) => wanted.push(resolve));
    },
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

function answerOn(response: ServerResponse): PacedAnswer {
  response.socket?.setNoDelay(true);
  const chunk = (delta: object, finish: string | null) => {
    const choices = [{ index: 0, delta, finish_reason: finish }];
    const data = { id: "c", object: "chat.completion.chunk", created: 0, model: "m", choices };
    response.write(`data: ${JSON.stringify(data)}\n\n`);
  };
  return {
    say: (content) => chunk({ role: "assistant", content }, null),
    end: () => {
      chunk({}, "stop");
      response.end("data: [DONE]\n\n");
    },
  };
}
