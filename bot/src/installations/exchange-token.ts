import type { webApi } from "@slack/bolt";
import * as v from "valibot";
import { BotError } from "../errors.ts";
import type { FreshTokens } from "./token-refresher.ts";

const answerSchema = v.object({ access_token: v.string(), refresh_token: v.string(), expires_in: v.number() });

/** Asks Slack for new tokens (docs.slack.dev, "Using token rotation"). @throws BotError `slack_failed`, quoting nothing */
export function exchangeToken(options: {
  client: webApi.WebClient;
  clientId: string;
  clientSecret: string;
}): (refreshToken: string) => Promise<FreshTokens> {
  const { client, clientId, clientSecret } = options;
  return async (refreshToken) => {
    const answer = await client.oauth.v2
      .access({
        client_id: clientId,
        client_secret: clientSecret,
        grant_type: "refresh_token",
        refresh_token: refreshToken,
      })
      .catch(() => null);
    const parsed = v.safeParse(answerSchema, answer);
    if (!parsed.success) throw new BotError("slack_failed", "Slack did not renew my access.", { retryable: true });
    const { access_token, refresh_token, expires_in } = parsed.output;
    return { botToken: access_token, refreshToken: refresh_token, expiresIn: expires_in };
  };
}
