import { type Asking, ClientError, type ContextMessage, LIMITS, mentionsMate } from "@openmates-share/client";
import { useEffect, useMemo, useState } from "preact/hooks";
import { useSession } from "../app/session.ts";
import type { AskPreviewProps } from "./ask-preview.tsx";
import type { RoomModel } from "./room-model.ts";

/** Earlier messages that are brought at a time when somebody wants more to go along. */
const EARLIER = 30;

/** What the text in the composer would ask, and with what; null for one that asks nothing. */
export type Question = Omit<AskPreviewProps, "choice"> & { readonly along: readonly ContextMessage["id"][] };

const NONE: readonly ContextMessage[] = [];

/**
 * Looks at what is being written. `pending` says that it asks while the code that shows with what is still loading.
 * @param withheld whether the message itself is to be kept from models, so that it can ask nothing
 */
export function useQuestion(
  model: RoomModel,
  { text, withheld }: { text: string; withheld: boolean },
): { question: Question | null; pending: boolean } {
  const asks = useMemo(() => !withheld && mentionsMate(text), [text, withheld]);
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
  const { choice } = model;
  const span = choice.span(offered, asking.usual(offered));
  const first = offered[0]?.seq ?? messages.through + 1;
  const question = {
    offered,
    span,
    question: asking.entryOfDraft(text.trim()),
    along: span.filter((message) => choice.goes(message)).map(({ id }) => id),
    earlier: span.length < offered.length || (first > 1 && offered.length < LIMITS.contextMessages),
    onMore: () => {
      if (span.length < offered.length) choice.more(offered, span);
      else bringEarlier(model, first).then(() => choice.more(asking.offered(), span), reportError);
    },
    quota: asking.quota,
  };
  return { question, pending: false };
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
