import type { AllMiddlewareArgs, App } from "@slack/bolt";
import * as v from "valibot";
import type { WorkspaceOf } from "../listeners/workspace-of.ts";
import { endMirror } from "./end-mirror.ts";
import type { MirrorParts } from "./start-mirror.ts";

/** Public channels are channels to Slack's events, and private ones groups. */
const DELETED = ["channel_deleted", "group_deleted"] as const;
const LEFT = ["channel_left", "group_left"] as const;

type Args = Pick<AllMiddlewareArgs, "context"> & { readonly event: unknown };

const channelSchema = v.object({ channel: v.string() });
const movedSchema = v.object({ old_channel_id: v.string(), new_channel_id: v.string() });
const fileSchema = v.object({ file_id: v.string() });

/** What happens to channels and files as a whole, and has to do with what the bot remembers of them. */
export function registerChannels(
  app: App,
  { workspaceOf, mirrors }: { workspaceOf: WorkspaceOf; mirrors: MirrorParts },
): void {
  for (const event of DELETED) app.event(event, channelDeleted(workspaceOf, mirrors));
  for (const event of LEFT) app.event(event, channelLeft(workspaceOf, mirrors));
  app.event("channel_id_changed", channelMoved(workspaceOf, mirrors));
  app.event("file_deleted", fileDeleted(workspaceOf, mirrors));
}

/** Nothing of it can be read any more: its mirrors end. */
function channelDeleted(workspaceOf: WorkspaceOf, { store, desk }: MirrorParts) {
  return async ({ event, context }: Args): Promise<void> => {
    const { channel } = v.parse(channelSchema, event);
    const workspace = workspaceOf({ context });
    const { team, sharing } = workspace;
    for (const mirror of await store.ofChannel({ team, channel })) {
      await endMirror({ workspace, sharing, store, mirror, by: "thread_gone" });
    }
    await desk.look();
  };
}

/** The bot was removed from it: its mirrors find out that they have to pause, and say so. */
function channelLeft(workspaceOf: WorkspaceOf, { desk }: MirrorParts) {
  return async ({ event, context }: Args): Promise<void> => {
    const { channel } = v.parse(channelSchema, event);
    await desk.missed({ team: workspaceOf({ context }).team, channel });
  };
}

/** Its id is another one from now on, as when it is shared with another organisation: what is known of it moves along. */
function channelMoved(workspaceOf: WorkspaceOf, { store, desk }: MirrorParts) {
  return async ({ event, context }: Args): Promise<void> => {
    const { old_channel_id: from, new_channel_id: to } = v.parse(movedSchema, event);
    const { team, shares, cards } = workspaceOf({ context });
    for (const kept of [shares, cards, store]) await kept.moveChannel({ team, from, to });
    await desk.missed({ team, channel: to });
  };
}

/** Alone, without its message: what became of the message shows in its thread. */
function fileDeleted(workspaceOf: WorkspaceOf, { store, desk }: MirrorParts) {
  return async ({ event, context }: Args): Promise<void> => {
    const { file_id: file } = v.parse(fileSchema, event);
    const { team } = workspaceOf({ context });
    for (const { ts, ...place } of await store.withFile({ team, file })) await desk.touch(place, ts);
  };
}
