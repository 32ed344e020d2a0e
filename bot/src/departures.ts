import type { Access } from "./installations/access.ts";
import type { Departures } from "./listeners/events/app-removed.ts";
import type { MirrorDesk } from "./mirror/mirror-desk.ts";
import type { Stores } from "./stores/stores.ts";
import { leaveTeam } from "./use-cases/leave-team.ts";
import type { Workspaces } from "./workspace.ts";

/** What the bot lets go of when it is let into workspaces no more. */
export function departuresOf(parts: {
  access: Access;
  workspaces: Workspaces;
  desk: MirrorDesk;
  stores: Pick<Stores, "cards" | "mirrors">;
  log: (line: string) => void;
}): Departures {
  const { access, workspaces, log } = parts;
  return {
    async onRemoved(origin) {
      await access.forget(origin);
      if (origin.teamId) await leaveTeam(parts, origin.teamId);
      log("The app was removed from a workspace; its token is erased.");
    },
    async onRevoked(teams) {
      for (const team of teams) {
        // It got in by its organisation, and finds no such way any more; one with an installation of its own keeps that.
        await workspaces.forgetEnterprise(team);
        if (!(await access.isInstalled(team))) await leaveTeam(parts, team);
      }
      log("An organisation has taken workspaces from the app; nothing is done there any more.");
    },
  };
}
