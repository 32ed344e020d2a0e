import type { Account, SessionSummary } from "@openmates-share/client";
import { useCallback, useEffect, useState } from "preact/hooks";
import { mediumDay } from "./days.ts";
import { ProblemLine } from "./problem-line.tsx";
import { useTask } from "./use-task.ts";

/** Where this person is signed in. */
export function SessionsSection({ account }: { account: Account }) {
  const [sessions, setSessions] = useState<readonly SessionSummary[]>([]);
  const task = useTask();
  const { run } = task;
  const load = useCallback(async () => setSessions(await account.sessions()), [account]);
  useEffect(() => void run(load), [load]);
  const end = (work: () => Promise<void>) =>
    run(async () => {
      await work();
      await load();
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
                onClick={() => void end(() => account.endSession(session.id))}
              >
                Sign out
              </button>
            )}
          </li>
        ))}
      </ul>
      <ProblemLine task={task} />
      {sessions.length > 1 && (
        <div class="row">
          <button
            type="button"
            class="button"
            disabled={task.busy}
            onClick={() => void end(() => account.endOtherSessions())}
          >
            Sign out all other devices
          </button>
        </div>
      )}
    </section>
  );
}
