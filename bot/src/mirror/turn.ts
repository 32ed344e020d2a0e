import { bringTouched, compareThread, followThread } from "./from-slack.ts";
import type { Side } from "./side.ts";
import { followChat } from "./to-slack.ts";

/**
 * Brings over what is new on either side, in order. The chat is followed by its numbers, the thread by its time stamps and
 * by the messages that Slack has told of; only where Slack may have kept something back is the thread compared as a whole.
 * Interrupted anywhere, the next turn goes on: a message of Slack's has one id in the chat, made from its time stamp, and
 * one of the chat's is noted before it is posted and known in Slack by the id that travels with it.
 */
export async function takeTurn(
  side: Side,
  { compare, look }: { compare: boolean /** Also where Slack has not told of anything. */; look: boolean },
): Promise<void> {
  const { room, signal, store, mirror } = side;
  await room.whenLive(signal);
  await room.whenComplete(signal);
  const { slackThrough } = await store.progress(mirror);
  const touched = await store.touched(mirror);
  // Slack comes first: what was posted before a crash is found in the thread before it could be posted again.
  if (compare || touched.all || slackThrough === null) await compareThread(side);
  else if (look || touched.stamps.length > 0 || (await store.unfinished(mirror)).length > 0) {
    const brought = await followThread(side, slackThrough);
    const changed = touched.stamps.filter((ts) => !brought.has(ts));
    for (const ts of changed) await bringTouched(side, ts);
  }
  await store.settle(mirror, touched.through);
  await followChat(side);
}
