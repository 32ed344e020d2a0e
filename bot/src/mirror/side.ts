import type { Room } from "@openmates-share/client";
import type { Workspace } from "../workspace.ts";
import type { HeldPlace, Mirror, MirrorStore } from "./mirror.ts";

/** What it takes to work on a mirror. */
export interface Side {
  readonly workspace: Workspace;
  readonly store: MirrorStore;
  readonly mirror: Mirror & HeldPlace;
  readonly room: Room;
  readonly signal: AbortSignal;
  /**
   * To be called before anything is done on either side: nobody else does it until then, in milliseconds since 1970.
   *
   * @throws BotError `not_mirrored` when the mirror is another node's by now, or has ended
   */
  readonly hold: () => Promise<number>;
  /** Says in the log what was left out, and why. */
  readonly onFailure: (error: unknown) => void;
}
