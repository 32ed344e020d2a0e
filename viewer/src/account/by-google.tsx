import type { Account } from "@openmates-share/client";
import { keepAttempt } from "./google-attempt.ts";
import { ProblemLine } from "./problem-line.tsx";
import { useTask } from "./use-task.ts";

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
      <ProblemLine task={task} />
      <div class="row">
        <button type="button" class="button" disabled={task.busy} onClick={() => void task.run(leave)}>
          Continue with Google
        </button>
      </div>
    </div>
  );
}
