import type { Conversation } from "@openmates-share/client";
import { ImportError, maskConversation, type OpenedImport, openImport, secretsOf } from "@openmates-share/importers";
import type { PostedConversation, ReaderCall, ReaderCalls, ReaderMessage, ReaderRequest } from "./reader-messages.ts";

/** Reads exports beside the page: a year of chats is a hundred megabytes of JSON, and the page stays alive meanwhile. */

let file: OpenedImport | null = null;
/** Ways to the files of conversations that were read. */
const attachments = new Map<number, Conversation["attachment"]>();

const CALLS: { [Call in ReaderCall]: (ask: ReaderCalls[Call]["ask"]) => Promise<ReaderCalls[Call]["answer"]> } = {
  async open(source) {
    file = await openImport(source, { onProgress: (progress) => post({ type: "progress", progress }) });
    const { conversations, skipped, flaw } = file;
    const list = conversations.map(({ title, time, messageCount, branches }) => ({
      title,
      time,
      messageCount,
      branches,
    }));
    return { conversations: list, skipped, flaw };
  },
  async read({ index, branch }) {
    const chosen = file?.conversations[index];
    if (!chosen)
      throw new ImportError("changed", "This conversation is no longer there. Please import the file again.");
    const { attachment, ...conversation } = await chosen.read(branch ?? undefined);
    attachments.set(index, attachment);
    return conversation;
  },
  async attachment({ index, source }) {
    return (await attachments.get(index)?.(source)) ?? null;
  },
  async secrets(conversation) {
    return secretsOf(conversation);
  },
  async mask({ conversation, values }) {
    const { title, messages }: PostedConversation = maskConversation(conversation, values);
    return { title, messages };
  },
};

// The page that started this worker is the only one that can post to it.
addEventListener("message", ({ data }: MessageEvent<ReaderRequest>) => {
  const { number } = data;
  answer(data).then(
    (value) => post({ type: "answer", number, answer: value }),
    (error: unknown) => post({ type: "failed", number, sentence: sentence(error) }),
  );
});

async function answer<Call extends ReaderCall>({ call, ask }: { call: Call; ask: ReaderCalls[Call]["ask"] }) {
  return CALLS[call](ask);
}

function sentence(error: unknown): string {
  if (error instanceof ImportError) return error.message;
  return "This file could not be read. Please check that it is still there and whole, and try again.";
}

function post(message: ReaderMessage): void {
  postMessage(message);
}
