import type { AskId, ChatId, Conversation, ReplyContent, Room, RoomState } from "@openmates-share/client";
import { BotError } from "../errors.ts";
import type { Asking } from "../workspace.ts";

/** A model that says nothing for so long is not waited for. */
const ANSWER_MS = 5 * 60 * 1000;
/** The chat of a question whose asker has died ends by itself. */
const CHAT_LIFE_MS = 60 * 60 * 1000 + 60_000;

/** How an answer came out. */
export type Outcome =
  | { readonly state: "answered"; readonly reply: ReplyContent }
  | { readonly state: "failed"; readonly sentence: string; readonly text: string };

export interface Question {
  readonly asking: Asking;
  /** The last message asks. */
  readonly conversation: Conversation;
  /** Told once the ask is on its way: what it takes to stop it. */
  readonly onAsked: (ask: { chat: ChatId; ask: AskId }) => Promise<void>;
  /** Told what there is of the answer. */
  readonly onText: (markdown: string) => void;
}

/**
 * Asks the mate as every client does: in a chat of one's own, encrypted, whose link nobody gets, and which is erased
 * afterwards. The server keeps nothing of it that it could read.
 *
 * @throws ClientError, BotError
 */
export async function askMate({ asking, conversation, onAsked, onText }: Question): Promise<Outcome> {
  const expiresAt = Date.now() + CHAT_LIFE_MS;
  const { chat } = await asking.share(conversation, { mode: "read-only", name: "Slack", expiresAt });
  try {
    const room = await asking.reopen(chat);
    try {
      return await askIn(room, { onAsked, onText });
    } finally {
      room.close();
    }
  } finally {
    await asking.deleteChat(chat).catch(() => undefined);
  }
}

async function askIn(room: Room, { onAsked, onText }: Pick<Question, "onAsked" | "onText">): Promise<Outcome> {
  const signal = AbortSignal.timeout(ANSWER_MS);
  await room.whenLive(signal);
  const { messages } = await room.whenComplete(signal);
  const question = messages.at(messages.through);
  if (!question) throw new BotError("no_messages", "There is nothing here that I could answer.");
  const ask = await room.ask(question.id);
  await onAsked({ chat: room.chat, ask });
  return until(room, { signal, look: (state) => outcomeOf(state, { ask, onText }) });
}

function outcomeOf(
  state: RoomState,
  { ask, onText }: { ask: AskId; onText: (markdown: string) => void },
): Outcome | null {
  const { messages, answers } = state;
  const last = messages.at(messages.through);
  if (last?.body.type === "reply" && last.body.ask === ask) return { state: "answered", reply: last.body.reply };
  const answer = answers.find((one) => one.ask === ask);
  if (!answer) return null;
  const { text } = answer;
  if (answer.state === "running") {
    if (text) onText(text);
    return null;
  }
  const sentence = answer.reason ?? "The answer was interrupted. Please mention me again.";
  return { state: "failed", sentence, text };
}

/** Resolves with what `look` finds, as soon as it does. @throws BotError when the signal ends it */
function until<T>(
  room: Room,
  { signal, look }: { signal: AbortSignal; look: (state: RoomState) => T | null },
): Promise<T> {
  return new Promise((resolve, reject) => {
    const settle = (done: () => void) => {
      unsubscribe();
      signal.removeEventListener("abort", late);
      done();
    };
    const late = () =>
      settle(() =>
        reject(new BotError("busy", "The model took too long to answer. Please try again.", { retryable: true })),
      );
    const check = (state: RoomState) => {
      const found = look(state);
      if (found !== null) settle(() => resolve(found));
      else if (state.connection === "ended")
        settle(() => reject(new BotError("busy", "The chat of the answer has ended.")));
    };
    const unsubscribe = room.subscribe(check);
    signal.addEventListener("abort", late, { once: true });
    check(room.state);
  });
}
