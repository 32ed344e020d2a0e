import { isJson, type Json } from "./json.ts";
import type { Answer } from "./slack-workspace.ts";

/** Slack leaves a stone in a message where a file was deleted alone; the emulator leaves nothing. */
export class Tombstones {
  /** By message, the files that it was ever shown with. */
  readonly #shown = new Map<string, Set<string>>();

  /** The messages of a page, with them. */
  added(answer: Answer): Answer {
    if (!Array.isArray(answer.messages)) return answer;
    return {
      ...answer,
      messages: answer.messages.map((message: unknown) => (isJson(message) ? this.#of(message) : message)),
    };
  }

  #of(message: Json): Json {
    const files = Array.isArray(message.files) ? message.files.filter(isJson) : [];
    const ids = new Set(files.map(({ id }) => String(id)));
    const before = this.#shown.get(String(message.ts)) ?? new Set();
    const gone = [...before].filter((id) => !ids.has(id));
    if (before.size + ids.size > 0) this.#shown.set(String(message.ts), new Set([...before, ...ids]));
    return gone.length === 0
      ? message
      : { ...message, files: [...files, ...gone.map((id) => ({ id, mode: "tombstone" }))] };
  }
}
