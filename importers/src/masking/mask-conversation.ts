import type { Conversation, ConversationMessage, DraftPart } from "@openmates-share/protocol/content";
import { findSecrets, withMasks } from "./find-secrets.ts";
import type { SecretKind } from "./secret-kinds.ts";

/** Something that was found in a conversation, once for all the places where it stands. */
export interface FoundSecret {
  readonly kind: SecretKind;
  /** What stands there. */
  readonly value: string;
  /** In the order of the conversation; at least one, and at most `PLACES_SHOWN`. */
  readonly places: readonly SecretPlace[];
  /** How often it stands there in all. */
  readonly count: number;
}

export interface SecretPlace {
  /** The message's number, from 0; -1 for the title. */
  readonly message: number;
  /** What stands in front of it and behind it on the same line, shortened. */
  readonly before: string;
  readonly after: string;
}

/** More places of one value tell nothing new. */
const PLACES_SHOWN = 3;
const CONTEXT = 40;
/** Titles of documents and sources, and names, as the protocol has them. */
const LONGEST_LINE = 300;

/** What in a conversation should perhaps not be shared, in the order in which it is first met. */
export function secretsOf(conversation: Conversation): readonly FoundSecret[] {
  const found = new Map<string, FoundSecret & { places: SecretPlace[]; count: number }>();
  const look = (text: string, message: number) => {
    for (const { kind, start, end } of findSecrets(text)) {
      const value = text.slice(start, end);
      const known = found.get(value) ?? { kind, value, places: [], count: 0 };
      if (known.places.length < PLACES_SHOWN) known.places.push({ message, ...contextOf(text, { start, end }) });
      known.count += 1;
      found.set(value, known);
    }
    return text;
  };
  look(conversation.title, -1);
  for (const [index, message] of conversation.messages.entries()) changedMessage(message, (text) => look(text, index));
  return [...found.values()];
}

/** The conversation with masks in place of these values, wherever they stand. The one given stays as it is. */
export function maskConversation(conversation: Conversation, values: ReadonlySet<string>): Conversation {
  if (values.size === 0) return conversation;
  const change = (text: string) =>
    withMasks(
      text,
      findSecrets(text).filter(({ start, end }) => values.has(text.slice(start, end))),
    );
  return {
    ...conversation,
    title: change(conversation.title).slice(0, LONGEST_LINE),
    messages: conversation.messages.map((message) => changedMessage(message, change)),
  };
}

type Change = (text: string) => string;

function changedMessage(message: ConversationMessage, change: Change): ConversationMessage {
  return { ...message, parts: message.parts.map((part) => changedPart(part, change)) };
}

/** Every text of a part that a reader gets to see. */
function changedPart(part: DraftPart, change: Change): DraftPart {
  const line: Change = (text) => change(text).slice(0, LONGEST_LINE);
  switch (part.type) {
    case "markdown":
    case "code":
    case "output":
    case "reasoning":
      return { ...part, text: change(part.text) };
    case "other":
      return { ...part, named: line(part.named), text: change(part.text) };
    case "document":
      return { ...part, title: line(part.title), text: change(part.text) };
    case "sources":
      return { ...part, sources: part.sources.map(({ title, url }) => ({ title: line(title), url: change(url) })) };
    case "image":
      return { ...part, name: part.name, alt: change(part.alt) };
    case "file":
      return part;
    case "unknown":
      return part;
  }
}

function contextOf(
  text: string,
  { start, end }: { start: number; end: number },
): Pick<SecretPlace, "before" | "after"> {
  const before = text.slice(Math.max(0, start - CONTEXT), start);
  const after = text.slice(end, end + CONTEXT);
  return {
    before: (start > CONTEXT ? "…" : "") + (before.split("\n").at(-1) ?? "").trimStart(),
    after: (after.split("\n")[0] ?? "").trimEnd() + (end + CONTEXT < text.length ? "…" : ""),
  };
}
