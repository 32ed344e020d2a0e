import { webApi } from "@slack/bolt";
import type { Config } from "./config.ts";
import { BotError } from "./errors.ts";
import { type Access, installedAccess, singleAccess } from "./installations/access.ts";
import { exchangeToken } from "./installations/exchange-token.ts";
import type { InstallationStore } from "./installations/installation-store.ts";
import { TokenRefresher } from "./installations/token-refresher.ts";
import { isRefusal } from "./slack/slack-error.ts";

/**
 * How the bot gets into the workspaces that the configuration names.
 *
 * @throws BotError `bad_configuration` (Slack does not know the token), `slack_failed`
 */
export async function createAccess(options: {
  tenancy: Config["tenancy"];
  installations: InstallationStore;
  clientOptions: webApi.WebClientOptions;
  onFailure: (error: unknown) => void;
}): Promise<Access> {
  const { tenancy, installations: store, clientOptions, onFailure } = options;
  if (tenancy.type === "one") return singleAccess(await whoAmI(tenancy.botToken, clientOptions));
  const client = new webApi.WebClient(undefined, clientOptions);
  const { clientId, clientSecret } = tenancy;
  const exchange = exchangeToken({ client, clientId, clientSecret });
  const works = (botToken: string) => tokenWorks(botToken, clientOptions);
  return installedAccess({ store, refresher: new TokenRefresher({ store, exchange, onFailure }), works });
}

/** False only when Slack says so. */
async function tokenWorks(botToken: string, clientOptions: webApi.WebClientOptions): Promise<boolean> {
  const client = new webApi.WebClient(botToken, clientOptions);
  return client.auth.test().then(
    () => true,
    (error: unknown) => !isRefusal(error, ["token_revoked", "account_inactive", "invalid_auth"]),
  );
}

async function whoAmI(botToken: string, clientOptions: webApi.WebClientOptions) {
  const client = new webApi.WebClient(botToken, clientOptions);
  const { team_id, bot_id, user_id } = await client.auth.test().catch((error: unknown) => {
    throw asStartError(error);
  });
  if (team_id && user_id) return { team: team_id, botToken, botId: bot_id ?? "", botUser: user_id };
  throw new BotError("bad_configuration", "Slack did not say which workspace SLACK_BOT_TOKEN belongs to.");
}

function asStartError(error: unknown): BotError {
  if (!(error instanceof webApi.WebAPIPlatformError)) {
    return new BotError("slack_failed", "The Slack bot cannot start: Slack cannot be reached.", { retryable: true });
  }
  const message = `The Slack bot cannot start: Slack does not accept SLACK_BOT_TOKEN (${error.data.error}).`;
  return new BotError("bad_configuration", message);
}
