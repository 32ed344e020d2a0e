import { HTTPReceiver, type InstallURLOptions, type Logger, type Receiver, SocketModeReceiver } from "@slack/bolt";
import type { Line, Tenancy } from "./config.ts";
import { installStates } from "./installations/install-states.ts";
import type { InstallationStore, InstallStateStore } from "./installations/installation-store.ts";
import { SCOPE_NAMES } from "./installations/scopes.ts";
import { slackInstallations } from "./installations/slack-installations.ts";

/** Where Slack sends everything in HTTP mode: events, commands and clicks. */
export const ENDPOINT = "/slack/events";
/** Where people install the app, and where Slack sends them back. */
export const INSTALL_PATH = "/slack/install";
export const REDIRECT_PATH = "/slack/oauth_redirect";
/** The largest payload: a form with every field full stays far below. */
const BODY_LIMIT = 1024 * 1024;
/** How far Slack's clock and ours may be apart (docs.slack.dev, "Verifying requests from Slack"), in seconds. */
const SKEW_S = 5 * 60;

export interface ReceiverParts {
  readonly line: Line;
  readonly tenancy: Tenancy;
  readonly slackApiUrl: string | null;
  readonly logger: Logger;
  readonly installations: InstallationStore;
  readonly installStates: InstallStateStore;
}

/** Bolt's own receivers; HTTP requests that are not signed, or not within five minutes, are refused. */
export function createReceiver(parts: ReceiverParts): Receiver {
  const { line, slackApiUrl, logger } = parts;
  if (line.type === "socket") {
    const installerOptions = slackApiUrl ? { clientOptions: { slackApiUrl } } : {};
    return new SocketModeReceiver({ appToken: line.appToken, logger, installerOptions });
  }
  const receiver = new HTTPReceiver({
    signingSecret: line.signingSecret,
    endpoints: ENDPOINT,
    bodyLimit: BODY_LIMIT,
    logger,
    customRoutes: [{ path: "/healthz", method: "GET", handler: (_request, response) => void response.end("ok") }],
    ...installer(parts),
  });
  const listen = receiver.requestListener;
  receiver.requestListener = (request, response) => {
    if (!isOfTomorrow(request.headers["x-slack-request-timestamp"])) return listen(request, response);
    logger.warn("A request was refused: its time is not come.");
    response.writeHead(401).end();
  };
  return receiver;
}

/** Bolt refuses what is older than five minutes; what is as far ahead could be sent again until then. */
function isOfTomorrow(timestamp: string | string[] | undefined): boolean {
  return Number(timestamp ?? 0) > Date.now() / 1000 + SKEW_S;
}

/** What Bolt needs to let workspaces install the app. The state is bound to the installer's browser by a cookie, too. */
function installer({ tenancy, slackApiUrl, installations, installStates: states }: ReceiverParts) {
  if (tenancy.type === "one") return {};
  const redirectUri = tenancy.publicUrl === null ? null : tenancy.publicUrl + REDIRECT_PATH;
  const options: InstallURLOptions = { scopes: [...SCOPE_NAMES], ...(redirectUri ? { redirectUri } : {}) };
  return {
    clientId: tenancy.clientId,
    clientSecret: tenancy.clientSecret,
    scopes: [...SCOPE_NAMES],
    installationStore: slackInstallations(installations),
    ...(redirectUri ? { redirectUri } : {}),
    installerOptions: {
      directInstall: true,
      installPath: INSTALL_PATH,
      redirectUriPath: REDIRECT_PATH,
      stateStore: installStates(states, options),
      ...(slackApiUrl
        ? {
            clientOptions: { slackApiUrl },
            authorizationUrl: new URL("/oauth/v2/authorize", slackApiUrl).href,
          }
        : {}),
    },
  };
}
