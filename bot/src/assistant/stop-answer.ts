import type { AskId, ChatId } from "@openmates-share/client";
import * as v from "valibot";
import { answeringClick } from "../listeners/actions/answering-click.ts";
import type { WorkspaceOf } from "../listeners/workspace-of.ts";
import type { Workspace } from "../workspace.ts";

const valueSchema = v.object({ user: v.string(), chat: v.string(), ask: v.string() });
const STOP_MS = 15_000;

/** What the stop button carries: any node can stop it. */
export interface StoppableAsk {
  readonly user: string;
  readonly chat: ChatId;
  readonly ask: AskId;
}

/** "Stop", by anybody who sees the answer. */
export function stopAnswer(workspaceOf: WorkspaceOf) {
  return answeringClick(workspaceOf, {
    doing: "Stopping an answer",
    work: async (workspace, { value }) => {
      const { user, chat, ask } = v.parse(v.pipe(v.string(), v.parseJson(), valueSchema), value);
      // Ids when the button was made.
      await stopAsk(workspace, { user, chat: chat as ChatId, ask: ask as AskId });
      return null;
    },
  });
}

/** Stops an answer on whichever node it is being received: as whoever asked, whose chat it is. @throws ClientError */
export async function stopAsk({ asking }: Pick<Workspace, "asking">, { user, chat, ask }: StoppableAsk): Promise<void> {
  const room = await asking(user).reopen(chat);
  try {
    await room.whenLive(AbortSignal.timeout(STOP_MS));
    await room.stop(ask);
  } finally {
    room.close();
  }
}
