import type { Conversation, ConversationMessage } from "@openmates-share/client";
import { breathe, CHUNK, type ReadingSource, type SpokenMessage } from "../reading/reading-source.ts";
import { speakerOf } from "./speaker.ts";

/** The messages of a draft, for the tools that read all of it. */
export function draftSource({ title, messages }: Pick<Conversation, "title" | "messages">): ReadingSource {
  return {
    title,
    length: messages.length,
    at: (index) => spoken(messages[index], index),
    async *read({ signal, from = 0 }) {
      for (let at = from; at < messages.length && !signal.aborted; at += CHUNK) {
        yield messages
          .slice(at, at + CHUNK)
          .map((message, offset) => spoken(message, at + offset))
          .filter((message) => message !== null);
        await breathe();
      }
    },
  };
}

function spoken(message: ConversationMessage | undefined, index: number): SpokenMessage | null {
  if (!message) return null;
  const { role, name, parts, time, model } = message;
  const { kind, name: speaker } = speakerOf({ role, name, fallback: "You" });
  return { index, id: `${index + 1}`, role, kind, speaker, parts, time, model };
}
