import { blockProblems } from "./block-rules.ts";
import type { Json } from "./json.ts";
import type { Answer } from "./slack-workspace.ts";

type Call = (method: string, parameters: Json) => Promise<Answer>;

/** Messages that grow, which the emulator has not: kept as ordinary messages of it. */
export class StreamDesk {
  /** Slack has no streaming everywhere. */
  open = false;
  readonly #call: Call;
  readonly #texts = new Map<string, string>();
  /** Why streams that the app did not stop are over. */
  readonly #over = new Map<string, string>();

  constructor(call: Call) {
    this.#call = call;
  }

  /** Slack ends all streams: after some minutes by itself, or because somebody stops them there. */
  end(reason: string): void {
    for (const ts of this.#texts.keys()) this.#over.set(ts, reason);
    this.#texts.clear();
  }

  /** Null for other methods. */
  async take({ method, parameters }: { method: string; parameters: Json }): Promise<Answer | null> {
    // Nobody touches what still grows.
    if (this.#texts.has(String(parameters.ts))) {
      if (method === "chat.update") return { ok: false, error: "streaming_state_conflict" };
      if (method === "chat.delete") return { ok: false, error: "cant_delete_message" };
    }
    if (!/^chat\.(?:start|append|stop)Stream$/u.test(method)) return null;
    if (!this.open) return { ok: false, error: "unknown_method" };
    const { channel, ts, thread_ts, markdown_text = "", blocks, metadata } = parameters;
    if (method === "chat.startStream") return this.#start({ channel, thread_ts, text: String(markdown_text) });
    const text = this.#texts.get(String(ts));
    const over = this.#over.get(String(ts)) ?? "message_not_in_streaming_state";
    if (text === undefined) return { ok: false, error: over };
    const problems = blocks === undefined ? [] : blockProblems(blocks);
    if (problems.length > 0) return { ok: false, error: "invalid_blocks", problems };
    const grown = text + String(markdown_text);
    this.#texts.set(String(ts), grown);
    if (method === "chat.stopStream") this.#texts.delete(String(ts));
    return this.#call("chat.update", { channel, ts, text: grown, ...(metadata ? { metadata } : {}) });
  }

  async #start({ channel, thread_ts, text }: { channel: unknown; thread_ts: unknown; text: string }): Promise<Answer> {
    if (!thread_ts) return { ok: false, error: "invalid_thread_ts" };
    // The emulator posts nothing that is empty.
    const posted = await this.#call("chat.postMessage", { channel, thread_ts, text: text || "…" });
    if (posted.ok) this.#texts.set(String(posted.ts), text);
    return posted;
  }
}
