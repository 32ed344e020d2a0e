import { HTTPReceiver, type Logger, type Receiver, SocketModeReceiver } from "@slack/bolt";
import type { Line } from "./config.ts";

/** Where Slack sends everything in HTTP mode: events, commands and clicks. */
export const ENDPOINT = "/slack/events";
/** The largest payload: a form with every field full stays far below. */
const BODY_LIMIT = 1024 * 1024;

/** Bolt's own receivers; HTTP requests that are not signed, or not within five minutes, are refused there. */
export function createReceiver({
  line,
  slackApiUrl,
  logger,
}: {
  line: Line;
  slackApiUrl: string | null;
  logger: Logger;
}): Receiver {
  if (line.type === "socket") {
    const installerOptions = slackApiUrl ? { clientOptions: { slackApiUrl } } : {};
    return new SocketModeReceiver({ appToken: line.appToken, logger, installerOptions });
  }
  return new HTTPReceiver({
    signingSecret: line.signingSecret,
    endpoints: ENDPOINT,
    bodyLimit: BODY_LIMIT,
    logger,
    customRoutes: [{ path: "/healthz", method: "GET", handler: (_request, response) => void response.end("ok") }],
  });
}
