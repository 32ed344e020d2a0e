import { ClientError, type MessageId } from "@openmates-share/client";
import { isFetchable } from "../conversation/slack-conversation.ts";
import type { SlackMessage } from "../slack/slack-message.ts";
import type { Mirrored, MirroredFile } from "./mirror.ts";
import type { Side } from "./side.ts";

/** Which of Slack's files is which embed of the message that was made of them; they stand in one order on both sides. */
export async function mirroredFiles(
  { room, signal }: Side,
  { id, message }: { id: MessageId; message: SlackMessage },
): Promise<readonly MirroredFile[]> {
  const taken = (message.files ?? []).filter(isFetchable);
  const seq = taken.length === 0 ? null : await room.seqOf(id, signal);
  if (seq === null) return [];
  await room.load(seq, seq);
  const body = room.state.messages.at(seq)?.body;
  if (body?.type !== "content" || body.content.type !== "message") return [];
  const attached = body.content.parts.filter((part) => part.type === "file" || part.type === "image");
  // Of a file that changed in between nobody can tell which it is.
  if (attached.length !== taken.length) return [];
  return attached.flatMap(({ embed }, at) => {
    const file = taken[at]?.id;
    return embed && file ? [{ file, embed: embed.id }] : [];
  });
}

/**
 * Those that were deleted in Slack, while their message is still there. One that Slack only shows no more, as a plan without
 * old files does, stays.
 */
export async function goneFiles(
  { workspace }: Side,
  { known, message }: { known: Mirrored; message: SlackMessage },
): Promise<readonly MirroredFile[]> {
  const gone: MirroredFile[] = [];
  for (const one of known.files) {
    const shown = message.files?.find(({ id }) => id === one.file);
    const stays = shown ? shown.mode !== "tombstone" : await workspace.slack.hasFile(one.file);
    if (!stays) gone.push(one);
  }
  return gone;
}

/** Erases what the server stores of them. */
export async function eraseFiles({ workspace, onFailure }: Side, files: readonly MirroredFile[]): Promise<void> {
  if (files.length === 0) return;
  const embeds = await workspace.sharing.embeds();
  for (const { embed } of files) {
    await embeds.delete(embed).catch((error: unknown) => {
      if (!(error instanceof ClientError) || error.retryable) throw error;
      // Erased before, or not to be erased: nobody finds it in the chat any more.
      onFailure(error);
    });
  }
}
