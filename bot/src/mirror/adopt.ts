import type { MessageId } from "@openmates-share/client";
import type { SlackMessage } from "../slack/slack-message.ts";
import { type Mirrored, saidOf } from "./mirror.ts";
import { MIRROR_EVENT } from "./mirror-screens.ts";
import type { Side } from "./side.ts";

/**
 * Knows again what the bot has brought into Slack: a message by the id that travels with it, a file by the id that Slack
 * gave it. So what was posted before a crash, or without Slack saying so, is noted now and not posted again; and what was
 * posted once more all the same, by a node that had been taken for dead, is taken away. True for these.
 */
export async function adopt(side: Side, message: SlackMessage): Promise<boolean> {
  const { store, mirror } = side;
  const { ts, metadata, files } = message;
  // Any app may write any metadata.
  if (!isOwn(message, side)) return false;
  const id = metadata?.event_type === MIRROR_EVENT ? metadata.event_payload.message : undefined;
  if (typeof id === "string") {
    const entry = await store.entry(mirror, id as MessageId); // The bot wrote it there.
    if (!entry) await store.keep(mirror, unknownEntry(id as MessageId, ts));
    else if (entry.ts === null) await store.keep(mirror, { ...entry, ts });
    else if (entry.ts !== ts) await takeAway(side, ts);
    return true;
  }
  if (!files?.length) return false;
  const shown = new Set(files.map((file) => file.id));
  const brought = (await store.unfinished(mirror)).find(({ upload }) => upload !== null && shown.has(upload));
  if (brought) await store.keep(mirror, { ...brought, filesLeft: brought.filesLeft - 1, upload: null });
  return true;
}

function isOwn({ user, bot_id }: SlackMessage, { workspace }: Side): boolean {
  const { botId, botUser } = workspace.self;
  return user === botUser || (botId !== "" && bot_id === botId);
}

async function takeAway({ workspace, mirror, hold }: Side, ts: string): Promise<void> {
  await hold();
  await workspace.slack.remove({ channel: mirror.channel, ts });
}

/** What was said of it is not known: it is said again when the chat is compared. */
function unknownEntry(message: MessageId, ts: string): Mirrored {
  return { message, ts, fromSlack: false, said: saidOf(""), filesLeft: 0, upload: null, files: [] };
}
