import { BotError } from "../errors.ts";
import type { InstallationStore } from "./installation-store.ts";
import type { Installed } from "./installed.ts";
import type { TokenRefresher } from "./token-refresher.ts";

/** Who the bot is in one workspace, and with what it speaks there. */
export interface BotAccess {
  readonly botToken: string;
  readonly botId: string;
  readonly botUser: string;
}

/** Where a request came from, as Bolt has read it. */
export interface Origin {
  readonly teamId?: string | undefined;
  readonly enterpriseId?: string | undefined;
  readonly isEnterpriseInstall?: boolean | undefined;
}

/** How the bot gets into workspaces. */
export interface Access {
  /** @throws BotError `not_installed`, `slack_failed` */
  of(origin: Origin): Promise<BotAccess>;
  /** The app was removed, or its token revoked: nothing of it is used again. */
  forget(origin: Origin): Promise<void>;
  /** Whether a workspace has let the app in by itself, and not as one of its organisation's. */
  isInstalled(team: string): Promise<boolean>;
}

/** One workspace, whose token is in the environment. */
export function singleAccess(installed: BotAccess & { readonly team: string }): Access {
  let gone = false;
  return {
    async of() {
      if (gone) throw notInstalled();
      return installed;
    },
    async forget({ teamId }) {
      if (teamId === installed.team) gone = true;
    },
    isInstalled: async (team) => !gone && team === installed.team,
  };
}

/** Any number of workspaces and organisations, by what they installed. */
export function installedAccess(options: {
  store: InstallationStore;
  refresher: TokenRefresher;
  /** Whether Slack still takes a token. */
  works: (botToken: string) => Promise<boolean>;
}): Access {
  const { store, refresher, works } = options;
  return {
    async of(origin) {
      const installed = await firstFound(store, idsOf(origin));
      if (!installed) throw notInstalled();
      return refresher.fresh(installed);
    },
    async forget(origin) {
      const [named, other] = idsOf(origin);
      if (named === undefined) return;
      if (other === undefined || (await store.find(named))) return store.erase(named);
      // Slack names the workspace also where the whole organisation has the app, and tells of one removal more than once.
      const whole = await store.find(other);
      if (whole && !(await works(whole.botToken))) await store.erase(other);
    },
    isInstalled: async (team) => (await store.find(team)) !== null,
  };
}

/** A workspace's own installation goes before its organisation's, except where Slack says which it means. */
function idsOf({ teamId, enterpriseId, isEnterpriseInstall = false }: Origin): string[] {
  const ids = isEnterpriseInstall ? [enterpriseId, teamId] : [teamId, enterpriseId];
  return ids.filter((id) => id !== undefined && id !== null);
}

async function firstFound(store: InstallationStore, ids: readonly string[]): Promise<Installed | null> {
  for (const id of ids) {
    const found = await store.find(id);
    if (found) return found;
  }
  return null;
}

function notInstalled(): BotError {
  return new BotError("not_installed", "I am not installed in this workspace (any more).");
}
