import { endTeam } from "../mirror/end-mirror.ts";
import type { MirrorDesk } from "../mirror/mirror-desk.ts";
import type { Stores } from "../stores/stores.ts";
import type { Workspaces } from "../workspace.ts";

/** The bot is let into a workspace no more: what it did there by itself ends, and its chats are told. */
export async function leaveTeam(
  { stores, workspaces, desk }: { stores: Pick<Stores, "cards" | "mirrors">; workspaces: Workspaces; desk: MirrorDesk },
  team: string,
): Promise<void> {
  const { cards, mirrors } = stores;
  await cards.dropTeam(team);
  await endTeam({ sharing: workspaces.sharingOf(team), mirrors }, team);
  await desk.look();
  await workspaces.leave(team);
}
