import {
  type Asking,
  asksMate,
  ClientError,
  type ContextMessage,
  LIMITS,
  type MessageId,
} from "@openmates-share/client";
import { useEffect, useMemo, useState } from "preact/hooks";
import { useSession } from "../app/session.ts";
import type { AskChoice } from "./ask-choice.ts";
import type { AskPreviewProps } from "./ask-preview.tsx";
import type { RoomModel } from "./room-model.ts";

/** Earlier messages that are brought at a time when somebody wants more to go along. */
const EARLIER = 30;

/** What the text in the composer would ask, and with what; null for one that asks nothing. */
export type Question = Omit<AskPreviewProps, "model" | "choice"> & { readonly along: readonly ContextMessage["id"][] };

const NONE: readonly ContextMessage[] = [];

/**
 * Looks at what is being written. `pending` says that it asks while the code that shows with what is still loading.
 * @param withheld whether the message itself is to be kept from models, so that it can ask nothing
 */
export function useQuestion(
  model: RoomModel,
  { text, withheld }: { text: string; withheld: boolean },
): { question: Question | null; pending: boolean } {
  const asks = useMemo(() => asksMate({ text, origin: "written", withheld }), [text, withheld]);
  const asking = useAsking(model);
  const { client } = useSession();
  const live = model.state.value.connection === "live";
  // Again when the line is back: what could not be loaded without it can be now.
  useEffect(() => {
    model.choice.load(client).catch(reportError);
  }, [client, model, live]);
  // Exactly what is shown is what goes: the chat may grow or change while it is being looked at.
  const messages = model.window.value;
  const offered = useMemo(() => (asks && asking && messages ? asking.offered() : NONE), [asks, asking, messages]);
  if (!asks) return { question: null, pending: false };
  if (!asking || !model.choice.known.value) return { question: null, pending: true };
  const end = messages.through;
  const setting = { model, asking, choice: model.choice, offered, end, again: () => asking.offered() };
  return { question: questionOf(setting, asking.entryOfDraft(text.trim())), pending: false };
}

/**
 * What a message that is stored would ask with, as `choice` has it; null while that is not known, and for one that is not for
 * models.
 */
export function useStoredQuestion(model: RoomModel, message: MessageId, choice: AskChoice): Question | null {
  const asking = useAsking(model);
  const { client } = useSession();
  const live = model.state.value.connection === "live";
  useEffect(() => {
    choice.load(client).catch(reportError);
  }, [client, choice, live]);
  const messages = model.window.value;
  const stored = useMemo(() => (asking && messages ? asking.offeredWith(message) : null), [asking, messages, message]);
  const found = stored !== null;
  useEffect(() => {
    if (asking && !found) bringAround(model, message).catch(reportError);
  }, [asking, found, model, message]);
  if (!asking || !stored || !choice.known.value) return null;
  const { offered, question } = stored;
  const again = () => asking.offeredWith(message)?.offered ?? offered;
  return questionOf({ model, asking, choice, offered, end: question.seq - 1, again }, question.entry);
}

interface Setting {
  readonly model: RoomModel;
  readonly asking: Asking;
  readonly choice: AskChoice;
  readonly offered: readonly ContextMessage[];
  /** The last number in front of the question. */
  readonly end: number;
  /** What can go along by now. */
  readonly again: () => readonly ContextMessage[];
}

function questionOf({ model, asking, choice, offered, end, again }: Setting, question: Question["question"]): Question {
  const span = choice.span(offered, asking.usual(offered));
  const first = offered[0]?.seq ?? end + 1;
  return {
    offered,
    span,
    question,
    along: span.filter((message) => choice.goes(message)).map(({ id }) => id),
    earlier: span.length < offered.length || (first > 1 && offered.length < LIMITS.contextMessages),
    onMore: () => {
      if (span.length < offered.length) choice.more(offered, span);
      else bringEarlier(model, first).then(() => choice.more(again(), span), reportError);
    },
    quota: asking.quota,
  };
}

/** A question that nobody has here, with what was said before it. */
async function bringAround({ room }: RoomModel, message: MessageId): Promise<void> {
  try {
    const seq = await room.seqOf(message);
    if (seq !== null) await room.load(Math.max(1, seq - EARLIER), seq);
  } catch (error) {
    if (!(error instanceof ClientError)) throw error;
  }
}

async function bringEarlier({ room }: RoomModel, first: number): Promise<void> {
  try {
    await room.load(Math.max(1, first - EARLIER), first - 1);
  } catch (error) {
    // Offline: the button can be pressed again.
    if (!(error instanceof ClientError)) throw error;
  }
}

/** What mentions send; null until the code for it is here. */
function useAsking({ room, state }: RoomModel): Asking | null {
  const [asking, setAsking] = useState<Asking | null>(null);
  const live = state.value.connection === "live";
  useEffect(() => {
    room.asking().then(setAsking, reportError);
  }, [room, live]);
  return asking;
}
