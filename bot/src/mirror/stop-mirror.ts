import { BotError } from "../errors.ts";
import type { Workspace } from "../workspace.ts";
import { endMirrorsOf } from "./end-mirror.ts";
import type { MirrorPlace } from "./mirror.ts";
import type { MirrorParts } from "./start-mirror.ts";

/** Ends a mirror at once, and says so on both sides. @throws BotError `not_mirrored` */
export async function stopMirror(
  workspace: Workspace,
  { store, desk }: MirrorParts,
  { user, ...place }: MirrorPlace & { user: string },
): Promise<void> {
  const mirror = await store.find(place);
  if (!mirror) throw new BotError("not_mirrored", "This thread is not mirrored (any more).");
  await endMirrorsOf(workspace, { chat: mirror.chat, user });
  await desk.look();
}
