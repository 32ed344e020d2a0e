import type { AllMiddlewareArgs, SlackEventMiddlewareArgs } from "@slack/bolt";
import * as v from "valibot";
import type { Origin } from "../../installations/access.ts";

/** What is to happen when the app has lost its way into workspaces. */
export interface Departures {
  /** It was removed, or its token revoked. */
  readonly onRemoved: (origin: Origin) => Promise<void>;
  /** Its organisation has taken these of its workspaces from it; the others go on. */
  readonly onRevoked: (teams: readonly string[]) => Promise<void>;
}

const bodySchema = v.object({
  team_id: v.nullish(v.string()),
  enterprise_id: v.nullish(v.string()),
  is_enterprise_install: v.nullish(v.boolean()),
});
const teamsSchema = v.object({ team_ids: v.array(v.string()) });
const revokedSchema = v.object({ tokens: v.object({ bot: v.nullish(v.array(v.string()), []) }) });

/** Somebody removed the app: Slack has taken its token back already. */
export function appUninstalled(onRemoved: Departures["onRemoved"]) {
  return async ({ body }: Pick<SlackEventMiddlewareArgs<"app_uninstalled">, "body">): Promise<void> => {
    await onRemoved(originOf(body));
  };
}

/** People's own tokens are none of ours: only the bot's counts. */
export function tokensRevoked(onRemoved: Departures["onRemoved"]) {
  type Args = Pick<AllMiddlewareArgs, "logger"> & Pick<SlackEventMiddlewareArgs<"tokens_revoked">, "body" | "event">;
  return async ({ body, event }: Args): Promise<void> => {
    if (v.parse(revokedSchema, event).tokens.bot.length > 0) await onRemoved(originOf(body));
  };
}

/** The organisation's token, which goes on to work elsewhere, works in these workspaces no more. */
export function teamAccessRevoked(onRevoked: Departures["onRevoked"]) {
  return async ({ event }: { readonly event: unknown }): Promise<void> => {
    await onRevoked(v.parse(teamsSchema, event).team_ids);
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
