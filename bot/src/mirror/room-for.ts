import { ClientError } from "@openmates-share/client";
import type { Side } from "./side.ts";

/** What the chat does not take, now or ever: one message must not hold up all others. */
const LEFT_OUT: readonly ClientError["code"][] = ["too_large", "bad_request", "conflict"];

/**
 * Does something in the chat; what it has no room for is left out, and said so in the log. What was taken back there in the
 * meantime (`not_allowed` in a chat that is open) stays so.
 */
export async function roomFor(side: Side, work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const { connection } = side.room.state;
    const refused = error instanceof ClientError && !error.retryable && connection !== "ended";
    if (!refused || !(LEFT_OUT.includes(error.code) || error.code === "not_allowed")) throw error;
    side.onFailure(error);
  }
}
