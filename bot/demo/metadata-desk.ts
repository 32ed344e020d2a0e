import { isJson, type Json } from "./json.ts";
import type { Answer } from "./slack-workspace.ts";

/** Keeps what apps have travel with their messages, which the emulator forgets; an update without any leaves it as it is. */
export class MetadataDesk {
  readonly #byTs = new Map<string, Json>();

  /** After a message was posted or updated. */
  keep({ ts }: Answer, { metadata }: Json): void {
    if (typeof ts === "string" && isJson(metadata)) this.#byTs.set(ts, metadata);
  }

  /** The messages of a page, with it. */
  added(answer: Answer, { include_all_metadata }: Json): Answer {
    if (String(include_all_metadata) !== "true" || !Array.isArray(answer.messages)) return answer;
    const messages = answer.messages.map((message: unknown) => {
      const metadata = isJson(message) ? this.#byTs.get(String(message.ts)) : undefined;
      return isJson(message) && metadata ? { ...message, metadata } : message;
    });
    return { ...answer, messages };
  }
}
