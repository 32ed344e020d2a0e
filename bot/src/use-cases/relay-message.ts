import type { ConversationMessage, DraftPart, MessageId, Part, Room } from "@openmates-share/client";
import { toConversation } from "../conversation/slack-conversation.ts";
import type { SlackFile, SlackMessage } from "../slack/slack-message.ts";
import type { Workspace } from "../workspace.ts";

/** A message of Slack's on its way into a chat. */
export interface Relay {
  readonly room: Room;
  /** What it is called in the chat, however often it is relayed. */
  readonly id: MessageId;
  readonly message: SlackMessage;
  readonly replyTo?: MessageId | null;
  /** Gives a file's bytes; without it files are named and not taken along. */
  readonly file?: ((file: SlackFile) => Promise<Blob | null>) | undefined;
  readonly signal?: AbortSignal;
}

type Relayer = Pick<Workspace, "slack"> & { readonly sharing: Pick<Workspace["sharing"], "uploadEmbed"> };

/** Puts one message into a chat, once; false when it is there already or says nothing. @throws ClientError */
export async function relayMessage(workspace: Relayer, relay: Relay): Promise<boolean> {
  const { room, id, message, replyTo = null, file, signal } = relay;
  if ((await room.seqOf(id, signal)) !== null) return false;
  const conversation = await toConversation(workspace.slack, { title: "", messages: [message], file });
  const [said] = conversation.messages;
  if (!said) return false;
  const parts = await sharedParts(workspace, { ...relay, said, attachment: conversation.attachment });
  const { role, name, time, model } = said;
  await room.relay({ id, role, name, time, model, parts, replyTo });
  return true;
}

async function sharedParts(
  { sharing }: Relayer,
  options: Relay & {
    said: ConversationMessage;
    attachment: ((source: string) => Promise<Blob | null>) | undefined;
  },
): Promise<Part[]> {
  const { said, attachment, room, signal } = options;
  const upload = async (part: Extract<DraftPart, { source: unknown }>): Promise<Part> => {
    const { source, ...named } = part;
    const blob = source === null ? null : await attachment?.(source);
    if (!blob) return { ...named, embed: null };
    const draft = { blob, name: named.name, mediaType: named.mediaType, chat: room.chat };
    const { ref } = await sharing.uploadEmbed(draft, signal ? { signal } : {});
    return { ...named, embed: ref };
  };
  const parts: Part[] = [];
  // One file after the other: memory holds one.
  for (const part of said.parts) parts.push("source" in part ? await upload(part) : part);
  return parts;
}
