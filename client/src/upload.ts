import type { Conversation, DraftPart, Part } from "@openmates-share/protocol/content";
import { type ChatKey, type Identity, sealMessage } from "@openmates-share/protocol/crypto";
import {
  appendToTranscript,
  emptyTranscript,
  LIMITS,
  type MessageId,
  newId,
  type OutgoingMessage,
  type Position,
} from "@openmates-share/protocol/wire";

export interface SealedPage {
  readonly messages: readonly OutgoingMessage[];
  /** The transcript's end with this page. */
  readonly end: Position;
}

/**
 * Seals a conversation page by page, each message knowing the head before it. One at a time on purpose: memory stays that
 * of a page, and the next page is sealed while the last one travels.
 */
export async function* sealConversation(options: {
  chatKey: ChatKey;
  identity: Identity;
  conversation: Conversation;
  /** Whose conversation it was: the name of people's turns that carry none. */
  name: string;
}): AsyncGenerator<SealedPage> {
  const { chatKey, identity, conversation } = options;
  let end = await emptyTranscript(chatKey.chat);
  let page: OutgoingMessage[] = [];
  let bytes = 0;
  for (const { role, name, parts, time, model } of conversation.messages) {
    const id = newId<MessageId>();
    const speaker = name || (role === "user" ? options.name : "");
    const content = {
      type: "message",
      role,
      name: speaker,
      parts: parts.map(uploadedPart),
      time,
      model,
      replyTo: null,
      after: end,
    } as const;
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

/** Files are named, and not uploaded yet. */
function uploadedPart(part: DraftPart): Part {
  if (part.type !== "image" && part.type !== "file") return part;
  const { source: _, ...named } = part;
  return { ...named, embed: null };
}
