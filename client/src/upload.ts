import type { ConversationMessage, DraftPart, EmbedRef, Part } from "@openmates-share/protocol/content";
import { type ChatKey, type Identity, sealMessage } from "@openmates-share/protocol/crypto";
import {
  appendToTranscript,
  LIMITS,
  type MessageId,
  newId,
  type OutgoingMessage,
  type Position,
} from "@openmates-share/protocol/wire";

/** What is to be sealed, in values that can be posted to a worker. */
export interface SealJob {
  readonly chatKey: ChatKey;
  readonly identity: Identity;
  readonly messages: readonly ConversationMessage[];
  /** Whose conversation it was: the name of people's turns that carry none. */
  readonly name: string;
  /** The transcript's end in front of the first message. */
  readonly start: Position;
  /** Ids for the first messages, where they were chosen before; the rest get new ones. */
  readonly ids: readonly MessageId[];
  /** Where the files of the parts are, by their sources. */
  readonly embeds: Readonly<Record<string, EmbedRef>>;
}

export interface SealedPage {
  readonly messages: readonly OutgoingMessage[];
  /** The transcript's end with this page. */
  readonly end: Position;
}

/** Seals a conversation page by page; where that happens is the app's choice. */
export type Sealer = (job: SealJob) => AsyncIterable<SealedPage>;

/** Seals here. Each message knows the head before it, so one comes after the other, and memory stays that of a page. */
export async function* sealPages(job: SealJob): AsyncGenerator<SealedPage> {
  const { chatKey, identity, messages } = job;
  let end = job.start;
  let page: OutgoingMessage[] = [];
  let bytes = 0;
  for (const [index, message] of messages.entries()) {
    const id = job.ids[index] ?? newId<MessageId>();
    const content = { ...sharedContent(message, job), after: end };
    const envelope = await sealMessage({ chatKey, identity, message: id, content });
    if (page.length > 0 && (page.length === LIMITS.pageMessages || bytes + envelope.length > LIMITS.pageBytes)) {
      yield { messages: page, end };
      page = [];
      bytes = 0;
    }
    end = await appendToTranscript(end, { id, envelope });
    page.push({ id, sender: identity.sender, envelope });
    bytes += envelope.length;
  }
  if (page.length > 0) yield { messages: page, end };
}

/** What a message of a draft says when it is shared, without its place. */
export function sharedContent(
  { role, name, parts, time, model }: ConversationMessage,
  job: Pick<SealJob, "name" | "embeds">,
) {
  return {
    type: "message",
    role,
    name: name || (role === "user" ? job.name : ""),
    parts: parts.map((part) => sharedPart(part, job.embeds)),
    time,
    model,
    replyTo: null,
    withheld: false,
  } as const;
}

function sharedPart(part: DraftPart, embeds: SealJob["embeds"]): Part {
  if (part.type !== "image" && part.type !== "file") return part;
  const { source, ...named } = part;
  return { ...named, embed: (source !== null && Object.hasOwn(embeds, source) && embeds[source]) || null };
}
