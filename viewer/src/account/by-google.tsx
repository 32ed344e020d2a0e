import type { Account } from "@openmates-share/client";
import { ProblemLine } from "../app/problem-line.tsx";
import { useTask } from "../app/use-task.ts";
import { keepAttempt } from "./google-attempt.ts";

/** Leaves for Google; `backTo` is the fragment to come back to, null for the account's page. */
export function ByGoogle({ account, backTo }: { account: Account; backTo: string | null }) {
  const task = useTask();
  const leave = async () => {
    const { url, attempt } = await account.beginGoogle();
    keepAttempt({ attempt, backTo });
    location.assign(url);
  };
  return (
    <div class="stack">
      <ProblemLine problem={task.problem} />
      <div class="row">
        <button type="button" class="button" disabled={task.busy} onClick={() => task.run(leave)}>
          Continue with Google
        </button>
      </div>
    </div>
  );
}
