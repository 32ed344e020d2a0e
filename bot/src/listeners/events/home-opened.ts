import type { AllMiddlewareArgs, SlackEventMiddlewareArgs } from "@slack/bolt";
import * as v from "valibot";
import { publishHome } from "../../use-cases/publish-home.ts";
import type { WorkspaceOf } from "../workspace-of.ts";

const eventSchema = v.object({ user: v.string(), tab: v.string() });

type Args = Pick<AllMiddlewareArgs, "context"> & Pick<SlackEventMiddlewareArgs<"app_home_opened">, "event">;

/** Somebody looks at the app: its Home tab is made when it is seen. */
export function homeOpened(workspaceOf: WorkspaceOf) {
  return async ({ event, context }: Args): Promise<void> => {
    const { user, tab } = v.parse(eventSchema, event);
    if (tab === "home") await publishHome(workspaceOf({ context }), { user });
  };
}
