import { randomBytes } from "node:crypto";
import { type MessageId, textParts } from "@openmates-share/client";
import { BotError } from "../errors.ts";
import type { Workspace } from "../workspace.ts";
import type { MirrorPlace } from "./mirror.ts";
import { ENDED_TEXT, endedCard } from "./mirror-screens.ts";
import type { MirrorParts } from "./start-mirror.ts";

const LAST_WORDS_MS = 15_000;

/** Ends a mirror at once, and says so on both sides. @throws BotError `not_mirrored` */
export async function stopMirror(
  workspace: Workspace,
  { store, desk }: MirrorParts,
  { user, ...place }: MirrorPlace & { user: string },
): Promise<void> {
  const mirror = await store.find(place);
  if (!mirror) throw new BotError("not_mirrored", "This thread is not mirrored (any more).");
  await store.remove(place);
  await desk.look();
  const { channel, thread } = place;
  await workspace.slack.post({ channel, thread, card: endedCard(user) }).catch(() => undefined);
  // The mirror is ended whether the chat can be told now or not.
  await sayInChat(workspace, mirror.chat).catch(() => undefined);
}

async function sayInChat({ sharing }: Workspace, chat: Parameters<typeof sharing.reopen>[0]): Promise<void> {
  const room = await sharing.reopen(chat);
  try {
    await room.whenLive(AbortSignal.timeout(LAST_WORDS_MS));
    const id = randomBytes(16).toString("base64url") as MessageId; // 16 bytes are an id.
    const rest = { replyTo: null, model: null, time: Date.now() };
    await room.relay({ id, role: "assistant", name: "Slack", parts: textParts(ENDED_TEXT), ...rest });
  } finally {
    room.close();
  }
}
