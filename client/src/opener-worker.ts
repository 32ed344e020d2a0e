import { LocalOpener } from "./local-opener.ts";
import type { OpenerAnswer, OpenerRequest } from "./opener-messages.ts";

/**
 * The other end of a WorkerOpener: a worker's script calls it once. `self` is the worker's global scope, of which only
 * messages are used, so that the types of pages and of workers both fit.
 */
export function serveOpener(self: {
  onmessage: ((event: MessageEvent<OpenerRequest>) => void) | null;
  postMessage(answer: OpenerAnswer): void;
}): void {
  let opener: LocalOpener | null = null;

  async function answer(request: Extract<OpenerRequest, { number: number }>): Promise<OpenerAnswer> {
    const { number } = request;
    try {
      if (!opener) throw new Error("The worker was not told what it opens for.");
      if (request.type === "open") return { number, opened: await opener.open(request.messages) };
      return { number, heads: await opener.heads(request.before, request.entries) };
    } catch (error) {
      return { number, failed: error instanceof Error ? error.message : "The worker failed." };
    }
  }

  self.onmessage = ({ data }) => {
    if (data.type === "start") {
      opener = new LocalOpener(data.setup);
      self.postMessage({ number: 0 });
    } else if (data.type === "keys") opener?.addKeys(data.keys);
    else void answer(data).then(post);
  };

  /** Whoever asked is answered in any case: what can't be handed over they have to do themselves. */
  function post(done: OpenerAnswer): void {
    try {
      self.postMessage(done);
    } catch {
      self.postMessage({ number: done.number, failed: "The answer cannot be handed over." });
    }
  }
}
