import type { MessageId, OwnModel, Room, ShareClient } from "@openmates-share/client";
import { harmless, harmlessLine } from "../harmless.ts";

/** What an ask takes along. */
export interface AskPlan {
  readonly along: readonly MessageId[];
  /** Exactly what goes to the model, in clear: who said what. */
  readonly context: readonly { readonly role: string; readonly name: string; readonly text: string }[];
}

/** What usually goes along with a message that is not sent yet. @throws ClientError `unreachable` */
export async function planAsk(room: Room, text: string): Promise<AskPlan> {
  const asking = await room.asking();
  const along = asking.usual(asking.offered());
  return { along: along.map(({ id }) => id), context: [...along.map(({ entry }) => entry), asking.entryOfDraft(text)] };
}

/** The same for a message that asked before; null for one that is not for models any more. @throws ClientError */
export async function planAgain(room: Room, message: MessageId): Promise<AskPlan | null> {
  const asking = await room.asking();
  const seq = await room.seqOf(message);
  if (seq !== null) await room.load(Math.max(1, seq - BEFORE), seq);
  const stored = asking.offeredWith(message);
  if (!stored) return null;
  const along = asking.usual(stored.offered);
  return { along: along.map(({ id }) => id), context: [...along, stored.question].map(({ entry }) => entry) };
}

/** Messages that are brought from before a question: more than usually go along. */
const BEFORE = 30;
/** Of each message so many characters are shown: enough to know it again. */
const SHOWN = 160;

/** Who would answer a mention: a model of one's own, or what the server puts it to, in words. */
export interface Answerer {
  readonly own: OwnModel | null;
  readonly server: string;
}

/** The model that this server asks; in general words while the server can't be asked which that is. */
export async function answererOf(client: ShareClient, own: OwnModel | null): Promise<Answerer> {
  const { mate } = await client.service().catch(() => ({ mate: null }));
  if (mate?.demo) return { own, server: "the built-in demo (no model is connected)" };
  const name = mate?.models[0]?.name ?? "";
  return { own, server: name === "" ? "the model" : `the model ${harmlessLine(name)}` };
}

/** Exactly what would go, in clear, and to which model: who, and how each message begins. */
export function contextLines({ context }: Pick<AskPlan, "context">, { own, server }: Answerer): string[] {
  const count = context.length === 1 ? "this message goes" : `these ${context.length} messages go`;
  return [
    own
      ? `To your own model ${harmlessLine(own.name)} ${count}, and the server sees nothing of it:`
      : `To ${server} ${count}, in clear:`,
    ...context.map(({ role, name, text }) => {
      const line = harmless(text).replace(/\s+/g, " ").trim();
      const shown = line.length > SHOWN ? `${[...line].slice(0, SHOWN).join("")} … (${text.length} characters)` : line;
      return `  ${harmlessLine(name) || role}: ${shown}`;
    }),
  ];
}

export function isYes(answer: string): boolean {
  return /^y(es)?$/i.test(answer.trim());
}
