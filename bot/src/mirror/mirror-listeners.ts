import type { AllMiddlewareArgs, App, SlackShortcutMiddlewareArgs } from "@slack/bolt";
import * as v from "valibot";
import { sentenceOf } from "../errors.ts";
import { answeringClick } from "../listeners/actions/answering-click.ts";
import { messageActionSchema } from "../listeners/shortcuts/share-thread.ts";
import type { WorkspaceOf } from "../listeners/workspace-of.ts";
import { describeError } from "../quiet-logger.ts";
import { sentence } from "../screens/mrkdwn-text.ts";
import { tell } from "../use-cases/tell.ts";
import type { MirrorPlace } from "./mirror.ts";
import { STOP_MIRROR_ACTION } from "./mirror-screens.ts";
import { type MirrorParts, startMirror } from "./start-mirror.ts";
import { stopMirror } from "./stop-mirror.ts";

/** In the message menu: "Mirror to an encrypted chat". */
export const MIRROR_THREAD = "mirror_thread";

type ShortcutArgs = Pick<AllMiddlewareArgs, "context" | "logger"> & Pick<SlackShortcutMiddlewareArgs, "ack" | "body">;

/** What of Slack has to do with mirrors. */
export function registerMirror(
  app: App,
  { workspaceOf, mirrors }: { workspaceOf: WorkspaceOf; mirrors: MirrorParts },
): void {
  app.shortcut({ callback_id: MIRROR_THREAD, type: "message_action" }, mirrorThread(workspaceOf, mirrors));
  app.action(STOP_MIRROR_ACTION, stopMirroring(workspaceOf, mirrors));
  for (const event of ["message", "reaction_added", "reaction_removed"] as const) {
    app.event(event, threadChanged(workspaceOf, mirrors));
  }
}

function mirrorThread(workspaceOf: WorkspaceOf, mirrors: MirrorParts) {
  return async ({ ack, body, context, logger }: ShortcutArgs): Promise<void> => {
    await ack();
    const { user, channel, message, response_url } = v.parse(messageActionSchema, body);
    const workspace = workspaceOf({ context });
    const asker = { user: user.id, channel: channel.id, responseUrl: response_url };
    const place = { team: workspace.team, channel: channel.id, thread: message.thread_ts ?? message.ts };
    try {
      await startMirror(workspace, mirrors, { ...place, user: user.id });
    } catch (error) {
      logger.warn(`Mirroring failed: ${describeError(error)}`);
      await tell(workspace, { asker, card: sentence(`Nothing is mirrored. ${sentenceOf(error)}`) });
    }
  };
}

function stopMirroring(workspaceOf: WorkspaceOf, mirrors: MirrorParts) {
  return answeringClick(workspaceOf, {
    doing: "Ending a mirror",
    work: async (workspace, { asker }) => {
      const thread = asker.thread ?? "";
      await stopMirror(workspace, mirrors, { team: workspace.team, channel: asker.channel, thread, user: asker.user });
      return null;
    },
  });
}

const inThread = v.object({ thread_ts: v.string() });
const messageSchema = v.object({
  channel: v.string(),
  thread_ts: v.nullish(v.string()),
  message: v.nullish(inThread),
  previous_message: v.nullish(inThread),
});
const reactionSchema = v.object({ item: v.object({ channel: v.string(), ts: v.string() }) });

/** Says only that something has happened: what it is, both sides show. */
function threadChanged(workspaceOf: WorkspaceOf, { desk, store }: MirrorParts) {
  return async ({
    event,
    context,
  }: Pick<AllMiddlewareArgs, "context"> & { readonly event: unknown }): Promise<void> => {
    const { team } = workspaceOf({ context });
    const place = await placeOf(store, { team, event });
    if (place) await desk.poke({ team, ...place });
  };
}

async function placeOf(
  store: MirrorParts["store"],
  { team, event }: { team: string; event: unknown },
): Promise<Omit<MirrorPlace, "team"> | null> {
  const said = v.safeParse(messageSchema, event);
  if (said.success) {
    const { channel, thread_ts, message, previous_message } = said.output;
    const thread = thread_ts ?? message?.thread_ts ?? previous_message?.thread_ts;
    return thread ? { channel, thread } : null;
  }
  const reacted = v.safeParse(reactionSchema, event);
  if (!reacted.success) return null;
  // Slack does not say in which thread; a message that is not on both sides has nothing to bring over.
  const { channel, ts } = reacted.output.item;
  const thread = await store.threadOf({ team, channel, ts });
  return thread ? { channel, thread } : null;
}
