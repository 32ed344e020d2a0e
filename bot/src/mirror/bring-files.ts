import { ClientError, type FilePart, type ImagePart, type Part, type SenderId } from "@openmates-share/client";
import { BotError } from "../errors.ts";
import { literal } from "../screens/mrkdwn-text.ts";
import type { Mirrored } from "./mirror.ts";
import type { Side } from "./side.ts";

type Attached = (ImagePart | FilePart) & { readonly embed: NonNullable<FilePart["embed"]> };

/** What of a message are files that can be opened. */
export function filesOf(parts: readonly Part[]): readonly Attached[] {
  return parts.filter(
    (part): part is Attached => (part.type === "image" || part.type === "file") && part.embed !== null,
  );
}

interface Attachments {
  readonly entry: Mirrored;
  readonly sender: SenderId;
  readonly name: string;
  readonly parts: readonly Part[];
}

/**
 * Brings a message's files under it, one after the other, each once: how many are left is noted, and so is Slack's id of
 * the one on its way before anybody can see it.
 */
export async function bringFiles(side: Side, { entry, parts, ...by }: Attachments): Promise<void> {
  const files = filesOf(parts);
  let now = entry;
  while (now.filesLeft > 0) {
    const file = files.at(-now.filesLeft);
    if (file) now = await bringFile(side, { ...by, file, entry: now });
    now = { ...now, filesLeft: now.filesLeft - 1, upload: null };
    await side.store.keep(side.mirror, now);
  }
}

/** One that does not open, or that Slack does not take, is named in its message and no more. */
async function bringFile(
  side: Side,
  { file, entry, sender, name }: Omit<Attachments, "parts"> & { file: Attached },
): Promise<Mirrored> {
  const { workspace, mirror, store } = side;
  const { channel, thread } = mirror;
  try {
    const id = entry.upload ?? (await put(side, { file, sender }));
    const uploaded = { ...entry, upload: id };
    await side.hold();
    await store.keep(mirror, uploaded);
    const comment = `From ${literal(name)}`;
    const shared = await workspace.slack.shareFile({ id, name: file.name, channel, thread, comment });
    // Shared before a crash, and not in the thread yet; or Slack has thrown its bytes away.
    if (!shared && !(await workspace.slack.hasFile(id))) throw await notShared(side, uploaded);
    return uploaded;
  } catch (error) {
    const final = (error instanceof ClientError || isSlacksRefusal(error)) && !error.retryable;
    if (!final || side.signal.aborted) throw error;
    side.onFailure(error);
    return entry;
  }
}

function isSlacksRefusal(error: unknown): error is BotError {
  return error instanceof BotError && (error.code === "slack_failed" || error.code === "missing_permission");
}

async function put(
  { workspace, mirror }: Side,
  { file, sender }: { file: Attached; sender: SenderId },
): Promise<string> {
  const opened = await workspace.sharing.openEmbed({ ref: file.embed, chat: mirror.chat, sender });
  const bytes = new Uint8Array(await new Response(opened.stream()).arrayBuffer());
  return workspace.slack.putFile({ name: file.name, bytes });
}

/** The next turn brings its bytes anew. */
async function notShared({ store, mirror }: Side, entry: Mirrored): Promise<BotError> {
  await store.keep(mirror, { ...entry, upload: null });
  return new BotError("slack_failed", "Slack has lost a file.", { retryable: true });
}
