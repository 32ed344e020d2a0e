import type { AllMiddlewareArgs, SlackEventMiddlewareArgs } from "@slack/bolt";
import * as v from "valibot";
import type { Origin } from "../../installations/access.ts";

/** What is to happen when the app has lost its way into a workspace. */
export type OnRemoved = (origin: Origin) => Promise<void>;

const bodySchema = v.object({
  team_id: v.nullish(v.string()),
  enterprise_id: v.nullish(v.string()),
  is_enterprise_install: v.nullish(v.boolean()),
});
const revokedSchema = v.object({ tokens: v.object({ bot: v.nullish(v.array(v.string()), []) }) });

/** Somebody removed the app: Slack has taken its token back already. */
export function appUninstalled(onRemoved: OnRemoved) {
  return async ({ body }: Pick<SlackEventMiddlewareArgs<"app_uninstalled">, "body">): Promise<void> => {
    await onRemoved(originOf(body));
  };
}

/** People's own tokens are none of ours: only the bot's counts. */
export function tokensRevoked(onRemoved: OnRemoved) {
  type Args = Pick<AllMiddlewareArgs, "logger"> & Pick<SlackEventMiddlewareArgs<"tokens_revoked">, "body" | "event">;
  return async ({ body, event }: Args): Promise<void> => {
    if (v.parse(revokedSchema, event).tokens.bot.length > 0) await onRemoved(originOf(body));
  };
}

function originOf(body: unknown): Origin {
  const { team_id, enterprise_id, is_enterprise_install } = v.parse(bodySchema, body);
  return {
    teamId: team_id ?? undefined,
    enterpriseId: enterprise_id ?? undefined,
    // An organisation's own installation is removed without a workspace.
    isEnterpriseInstall: is_enterprise_install ?? !team_id,
  };
}
