import type { Account } from "@openmates-share/client";
import { useCallback } from "preact/hooks";
import { ProblemLine } from "../app/problem-line.tsx";
import { useLoaded } from "../app/use-loaded.ts";
import { useTask } from "../app/use-task.ts";
import { mediumDay } from "./days.ts";

/** Where this person is signed in. */
export function SessionsSection({ account }: { account: Account }) {
  const { value, problem, reload } = useLoaded(useCallback(() => account.sessions(), [account]));
  const sessions = value ?? [];
  const task = useTask();
  const end = (work: () => Promise<void>) =>
    task.run(async () => {
      await work();
      await reload();
    });
  return (
    <section class="panel" aria-labelledby="sessions-title">
      <h2 id="sessions-title">Where you are signed in</h2>
      <ul class="rows">
        {sessions.map((session) => (
          <li key={session.id}>
            <span class="row-text">
              <b>{session.device ?? "A device"}</b>
              <span class="hint">
                {session.current ? "This device" : `Last seen ${mediumDay(session.lastSeen)}`} · since{" "}
                {mediumDay(session.createdAt)}
              </span>
            </span>
            {!session.current && (
              <button
                type="button"
                class="button small"
                disabled={task.busy}
                aria-label={`Sign out ${session.device ?? "a device"}, last seen ${mediumDay(session.lastSeen)}`}
                onClick={() => end(() => account.endSession(session.id))}
              >
                Sign out
              </button>
            )}
          </li>
        ))}
      </ul>
      <ProblemLine problem={task.problem ?? problem} />
      {sessions.length > 1 && (
        <div class="row">
          <button
            type="button"
            class="button"
            disabled={task.busy}
            onClick={() => end(() => account.endOtherSessions())}
          >
            Sign out all other devices
          </button>
        </div>
      )}
    </section>
  );
}
