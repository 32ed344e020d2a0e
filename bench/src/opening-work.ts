import { LocalOpener, type MessageOpener, type OpenerSetup, sealPages } from "@openmates-share/client";
import { createChatKey, createIdentity } from "@openmates-share/protocol/crypto";
import { type ChatId, emptyTranscript, newId, type OutgoingMessage } from "@openmates-share/protocol/wire";
import { benchConversation } from "./conversation.ts";
import { type Contestants, takeRounds } from "./rounds.ts";

/** As many as a page of a chat has. */
const BATCH = 200;

export interface OpeningFigures {
  /** Milliseconds per message in each round. */
  readonly single: readonly number[];
  readonly batch: readonly number[];
  /** Null where there are no workers of the web's sort. */
  readonly worker: readonly number[] | null;
}

/** Decrypts and verifies the same messages in each way, in turns. Runs in Node and in the page alike. */
export async function openingFigures(options: {
  count: number;
  startWorker: ((setup: OpenerSetup) => MessageOpener) | null;
}): Promise<OpeningFigures> {
  const { setup, messages } = await sealedMessages(options.count);
  const local = new LocalOpener(setup);
  const worker = options.startWorker?.(setup) ?? null;
  const contestants: Contestants<"single" | "batch"> = {
    single: () => perMessage(messages, () => openInBatches(local, { messages, size: 1 })),
    batch: () => perMessage(messages, () => openInBatches(local, { messages, size: BATCH })),
  };
  try {
    if (worker === null) return { ...(await takeRounds(contestants)), worker: null };
    await untilItRuns(worker, messages);
    const inWorker = () => perMessage(messages, () => openInBatches(worker, { messages, size: BATCH }));
    return await takeRounds({ ...contestants, worker: inWorker });
  } finally {
    worker?.stop();
  }
}

async function sealedMessages(count: number): Promise<{ setup: OpenerSetup; messages: readonly OutgoingMessage[] }> {
  const chat = newId<ChatId>();
  const [chatKey, { identity }, start] = await Promise.all([
    createChatKey(chat),
    createIdentity(),
    emptyTranscript(chat),
  ]);
  const { messages } = benchConversation(count);
  const sealed: OutgoingMessage[] = [];
  for await (const page of sealPages({ chatKey, identity, messages, name: "Ada", start, ids: [], embeds: {} })) {
    sealed.push(...page.messages);
  }
  return { setup: { chat, keys: [chatKey], mate: identity.sender }, messages: sealed };
}

/** What opens here while its worker starts is no worker's figure. */
async function untilItRuns(worker: MessageOpener, messages: readonly OutgoingMessage[]): Promise<void> {
  await openInBatches(worker, { messages: messages.slice(0, BATCH), size: BATCH });
  await new Promise((resolve) => setTimeout(resolve, 1_000));
}

async function openInBatches(
  opener: MessageOpener,
  { messages, size }: { messages: readonly OutgoingMessage[]; size: number },
): Promise<void> {
  for (let from = 0; from < messages.length; from += size) {
    const opened = await opener.open(messages.slice(from, from + size));
    if (opened.some(({ body }) => body.type !== "content")) throw new Error("A message did not open.");
  }
}

async function perMessage(messages: readonly unknown[], open: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await open();
  return (performance.now() - start) / messages.length;
}
