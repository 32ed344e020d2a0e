import type { AllMiddlewareArgs, App, SlackShortcutMiddlewareArgs } from "@slack/bolt";
import * as v from "valibot";
import { BotError, sentenceOf } from "../errors.ts";
import { answeringClick } from "../listeners/actions/answering-click.ts";
import { messageActionSchema } from "../listeners/shortcuts/share-thread.ts";
import type { WorkspaceOf } from "../listeners/workspace-of.ts";
import { describeError } from "../quiet-logger.ts";
import { sentence } from "../screens/mrkdwn-text.ts";
import { tell } from "../use-cases/tell.ts";
import type { MirrorPlace } from "./mirror.ts";
import { mirroredCard, STOP_MIRROR_ACTION } from "./mirror-screens.ts";
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
      const already = error instanceof BotError && error.code === "already_mirrored";
      const card = already ? mirroredCard(place.thread) : sentence(`Nothing is mirrored. ${sentenceOf(error)}`);
      await tell(workspace, { asker, card });
    }
  };
}

function stopMirroring(workspaceOf: WorkspaceOf, mirrors: MirrorParts) {
  return answeringClick(workspaceOf, {
    doing: "Ending a mirror",
    work: async (workspace, { asker, value }) => {
      // A card without a value stands in its thread.
      const thread = value || (asker.thread ?? "");
      await stopMirror(workspace, mirrors, { team: workspace.team, channel: asker.channel, thread, user: asker.user });
      return null;
    },
  });
}

const inThread = v.object({ ts: v.string(), thread_ts: v.string() });
const channelSchema = v.object({ channel: v.string() });
/** Edits and deletions are events of their own, about the message in them. */
const messageSchema = v.union([
  v.pipe(
    v.object({ message: inThread }),
    v.transform(({ message }) => message),
  ),
  v.pipe(
    v.object({ previous_message: inThread }),
    v.transform(({ previous_message }) => previous_message),
  ),
  inThread,
]);
const reactionSchema = v.object({
  user: v.nullish(v.string()),
  item: v.object({ channel: v.string(), ts: v.string() }),
});

/** Notes which message something has happened to: what it is, both sides show. */
function threadChanged(workspaceOf: WorkspaceOf, { desk, store }: MirrorParts) {
  return async ({
    event,
    context,
  }: Pick<AllMiddlewareArgs, "context"> & { readonly event: unknown }): Promise<void> => {
    const { team, self } = workspaceOf({ context });
    const touched = await touchedIn(store, { team, event, self });
    if (touched) await desk.touch({ team, ...touched.place }, touched.ts);
  };
}

interface TouchedMessage {
  readonly place: Omit<MirrorPlace, "team">;
  readonly ts: string;
}

async function touchedIn(
  store: MirrorParts["store"],
  { team, event, self }: { team: string; event: unknown; self: { botUser: string } },
): Promise<TouchedMessage | null> {
  const said = v.safeParse(messageSchema, event);
  const where = v.safeParse(channelSchema, event);
  if (said.success && where.success) {
    const { thread_ts: thread, ts } = said.output;
    return { place: { channel: where.output.channel, thread }, ts };
  }
  const reacted = v.safeParse(reactionSchema, event);
  // The bot's own reactions are the chat's.
  if (!reacted.success || reacted.output.user === self.botUser) return null;
  // Slack does not say in which thread; a message that is not on both sides has nothing to bring over.
  const { channel, ts } = reacted.output.item;
  const thread = await store.threadOf({ team, channel, ts });
  return thread ? { place: { channel, thread }, ts } : null;
}
