import type { InstallationStore as BoltInstallationStore, Installation } from "@slack/bolt";
import { BotError } from "../errors.ts";
import type { InstallationStore } from "./installation-store.ts";
import type { Installed } from "./installed.ts";

/** Bolt's way to our store: what an installer brings back is kept, and nothing else is asked of it. */
export function slackInstallations(store: InstallationStore): BoltInstallationStore {
  return {
    async storeInstallation(installation) {
      await store.save(installedOf(installation));
    },
    fetchInstallation() {
      // Tokens come by `Access`, which renews them with one node at a time.
      return Promise.reject(new BotError("not_installed", "Installations are not read this way."));
    },
  };
}

/** @throws BotError `slack_failed` for an answer without what the bot needs */
export function installedOf(installation: Installation): Installed {
  const { bot, team, enterprise, isEnterpriseInstall } = installation;
  const id = isEnterpriseInstall ? enterprise?.id : team?.id;
  if (!id || !bot) throw new BotError("slack_failed", "Slack sent an installation without a bot.");
  return {
    id,
    botToken: bot.token,
    botId: bot.id,
    botUser: bot.userId,
    refreshToken: bot.refreshToken ?? null,
    expiresAt: bot.expiresAt === undefined ? null : bot.expiresAt * 1000,
    scopes: bot.scopes,
  };
}
