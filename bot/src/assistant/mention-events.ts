import { asksMate, MATE_NAME } from "@openmates-share/client";
import type { AllMiddlewareArgs } from "@slack/bolt";
import * as v from "valibot";
import { textOf } from "../conversation/slack-conversation.ts";
import type { WorkspaceOf } from "../listeners/workspace-of.ts";
import { describeError } from "../quiet-logger.ts";
import { parseSlackMessage } from "../slack/slack-message.ts";
import { answerMention } from "./answer-mention.ts";

/** Mentions, and messages to the bot: by people, written now. What apps write, or what is edited in later, asks nothing (R9). */
const mentionSchema = v.object({
  user: v.string(),
  channel: v.string(),
  ts: v.string(),
  thread_ts: v.nullish(v.string()),
  channel_type: v.nullish(v.string()),
  subtype: v.optional(v.picklist(["file_share", "thread_broadcast"])),
  bot_id: v.optional(v.never()),
  edited: v.optional(v.never()),
});

/** Slack tells of the bot's name wherever it stands; it asks where it does everywhere else, too (R9). */
function isAsked(event: unknown, { botUser }: { botUser: string }): boolean {
  const message = parseSlackMessage(event);
  const nobody = () => null;
  const names = { person: (id: string) => (id === botUser ? MATE_NAME : null), channel: nobody, group: nobody };
  return message !== null && asksMate({ text: textOf(message, names), origin: "written" });
}

/** Read here, whatever kind of message it is. */
type Args = Pick<AllMiddlewareArgs, "context" | "logger"> & { readonly event: unknown };

/** `@OpenMates` in a channel that the bot is in. */
export function appMentioned(workspaceOf: WorkspaceOf) {
  return answering(workspaceOf, { direct: false });
}

/** A message to the bot, in the direct messages with it. */
export function directMessage(workspaceOf: WorkspaceOf) {
  return answering(workspaceOf, { direct: true });
}

function answering(workspaceOf: WorkspaceOf, { direct }: { direct: boolean }) {
  return async ({ event, context, logger }: Args): Promise<void> => {
    const parsed = v.safeParse(mentionSchema, event);
    if (!parsed.success) {
      logger.debug("A message asks nothing: no person wrote it, or not now.");
      return;
    }
    const { user, channel, ts, thread_ts, channel_type } = parsed.output;
    // A mention in a direct message comes as both events; and messages of channels are none to the bot.
    if ((channel_type === "im" || channel.startsWith("D")) !== direct) return;
    const workspace = workspaceOf({ context });
    if (user === workspace.self.botUser) return;
    if (!direct && !isAsked(event, workspace.self)) {
      logger.debug("A mention asks nothing: it is quoted, or code.");
      return;
    }
    try {
      await answerMention(workspace, { user, channel, ts, thread: thread_ts ?? null, direct });
    } catch (error) {
      logger.warn(`An answer failed: ${describeError(error)}`);
    }
  };
}
