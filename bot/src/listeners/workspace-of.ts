import type { AllMiddlewareArgs } from "@slack/bolt";
import { BotError } from "../errors.ts";
import type { Workspace, Workspaces } from "../workspace.ts";

/** The workspace that a request came from; what listeners are made with. */
export type WorkspaceOf = (args: Pick<AllMiddlewareArgs, "context">) => Workspace;

/** By what Bolt was told when it asked who the bot is there. */
export function workspacesOf(workspaces: Workspaces): WorkspaceOf {
  return ({ context }) => {
    const { teamId, enterpriseId, botToken, botId = "", botUserId = "" } = context;
    // An organisation's installation may act without a workspace.
    const team = teamId ?? enterpriseId;
    if (!team || !botToken) throw new BotError("not_installed", "I am not installed in this workspace (any more).");
    // Whoever asks is let in already; what fails here is met again when the bot comes by itself.
    if (teamId && enterpriseId) void workspaces.note(teamId, enterpriseId).catch(() => undefined);
    return workspaces.of(team, { botToken, botId, botUser: botUserId });
  };
}
