import { ClientError, type Room } from "@openmates-share/client";
import { BotError } from "../errors.ts";
import type { PauseReason } from "./mirror.ts";

/** What ends a mirror by itself: its chat is deleted, or the bot removed from it; its thread is deleted; or the app removed. */
export type EndReason = "chat_ended" | "thread_gone" | "removed";

export type Trouble =
  | { readonly type: "ended"; readonly by: EndReason }
  | { readonly type: "paused"; readonly by: PauseReason }
  /** Slack, the server or the network have a bad moment. */
  | { readonly type: "passing" };

/** What a failure of a turn means for its mirror. */
export function troubleOf(error: unknown, room: Room | null): Trouble {
  if (room?.state.connection === "ended") return { type: "ended", by: "chat_ended" };
  if (error instanceof ClientError) {
    if (error.code === "chat_closed") return { type: "paused", by: "chat_closed" };
    // Reopening says so before there is a room.
    if (room === null && error.code === "not_found") return { type: "ended", by: "chat_ended" };
  }
  if (error instanceof BotError) {
    if (error.code === "thread_gone") return { type: "ended", by: "thread_gone" };
    if (error.code === "not_installed") return { type: "ended", by: "removed" };
    if (error.code === "not_in_channel" || error.code === "archived") return { type: "paused", by: error.code };
  }
  return { type: "passing" };
}
