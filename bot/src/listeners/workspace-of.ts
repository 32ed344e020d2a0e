import type { AllMiddlewareArgs } from "@slack/bolt";
import type { Workspace } from "../workspace.ts";

/** The workspace that a request came from; what listeners are made with. */
export type WorkspaceOf = (args: Pick<AllMiddlewareArgs, "client" | "context">) => Workspace;
