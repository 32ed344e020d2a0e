import type { PauseReason } from "./mirror.ts";
import { cededCard, closedCard, PAUSED_TEXTS, RESUMED_TEXT, resumedCard } from "./mirror-screens.ts";
import { sayInRoom } from "./say-in-chat.ts";
import type { Side } from "./side.ts";

/** Says once, on the side that can be told, why nothing is brought over for a while. */
export async function pauseMirror(side: Side, by: PauseReason): Promise<void> {
  const { store, mirror, workspace, room } = side;
  const { paused } = await store.progress(mirror);
  if (paused === by) return;
  await side.hold();
  await store.advance(mirror, { paused: by });
  const { channel, thread } = mirror;
  if (by === "chat_closed") await workspace.slack.post({ channel, thread, card: closedCard() });
  else await sayInRoom(room, PAUSED_TEXTS[by]);
}

/** A turn went through: says so where it was said that there would be none. */
export async function resumeMirror(side: Side): Promise<void> {
  const { store, mirror, workspace, room } = side;
  const { paused } = await store.progress(mirror);
  if (paused === null) return;
  await side.hold();
  await store.advance(mirror, { paused: null });
  const { channel, thread } = mirror;
  if (paused === "chat_closed") await workspace.slack.post({ channel, thread, card: resumedCard() });
  else await sayInRoom(room, RESUMED_TEXT);
}

/** The bot made the chat; should another own it by now, the thread is told, for who reads along is theirs to decide. */
export async function tellOfOwner(side: Side): Promise<void> {
  const { store, mirror, workspace, room } = side;
  if (room.state.role === "owner" || (await store.progress(mirror)).ceded) return;
  await side.hold();
  await store.advance(mirror, { ceded: true });
  const { channel, thread } = mirror;
  await workspace.slack.post({ channel, thread, card: cededCard(thread) });
}
