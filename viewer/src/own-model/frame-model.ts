import { ModelAnswer, messagesFor, type OwnModel, OwnModelError, type OwnModelSettings } from "@openmates-share/client";
import type { ModelNews, ModelRequest } from "@openmates-share/client/completion";

/** To load a document of our own. Milliseconds. */
const READY_WITHIN = 10_000;

/** A model of any OpenAI-compatible address, reached by a document that may talk to that address alone (`model-frame`). */
export function frameModel(settings: OwnModelSettings): OwnModel {
  return {
    name: settings.model,
    async *stream({ context, signal }) {
      const frame = document.createElement("iframe");
      frame.src = "/model.html";
      frame.hidden = true;
      frame.title = "Your own model";
      document.body.append(frame);
      try {
        await ready(frame);
        return yield* answers(frame, {
          request: { ...settings, messages: messagesFor(context) },
          signal,
        });
      } finally {
        // With it goes whatever it is still doing.
        frame.remove();
      }
    },
  };
}

function ready(frame: HTMLIFrameElement): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => end(reject), READY_WITHIN);
    const onMessage = ({ data, source }: MessageEvent<unknown>) => {
      if (source === frame.contentWindow && data === "ready") end(resolve);
    };
    const end = (settle: typeof resolve | typeof reject) => {
      clearTimeout(timer);
      removeEventListener("message", onMessage);
      if (settle === reject) reject(new OwnModelError("other", "A part of this page could not be loaded."));
      else resolve();
    };
    addEventListener("message", onMessage);
  });
}

function answers(
  frame: HTMLIFrameElement,
  { request, signal }: { request: ModelRequest; signal: AbortSignal },
): ReturnType<ModelAnswer["read"]> {
  const { port1, port2 } = new MessageChannel();
  const answer = new ModelAnswer();
  port1.onmessage = ({ data }: MessageEvent<ModelNews>) => answer.tell(data);
  signal.addEventListener("abort", () => port1.postMessage("stop"), { once: true });
  frame.contentWindow?.postMessage(request, location.origin, [port2]);
  return answer.read();
}
