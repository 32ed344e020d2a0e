import { useEffect, useId, useState } from "preact/hooks";
import { ProblemLine } from "../app/problem-line.tsx";
import { useSession } from "../app/session.ts";
import { useTask } from "../app/use-task.ts";
import type { RoomModel } from "../chat/room-model.ts";

/** Closes a group chat to writing and opens it again; what everybody sees of it comes from the server. */
export function WritingSection({ model }: { model: RoomModel }) {
  const { client } = useSession();
  const { closed } = model.state.value;
  /** What was chosen here, until the chat is so. */
  const [wanted, setWanted] = useState<boolean | null>(null);
  const shown = wanted ?? closed;
  const { problem, run } = useTask();
  const hint = useId();
  useEffect(() => setWanted((now) => (now === closed ? null : now)), [closed]);
  const change = async (next: boolean) => {
    setWanted(next);
    try {
      await client.setClosed(model.room.chat, next);
    } catch (error) {
      setWanted(null);
      throw error;
    }
  };
  return (
    <section class="stack tight" aria-labelledby="writing-title">
      <h3 id="writing-title">Who may write</h3>
      <label class="switch-row">
        <input
          type="checkbox"
          role="switch"
          checked={shown}
          aria-checked={shown}
          disabled={shown !== closed}
          aria-describedby={hint}
          onChange={({ currentTarget }) => run(() => change(currentTarget.checked))}
        />
        <span>
          <b>Close to writing</b>
          <span class="hint" id={hint}>
            Only you can write until you open it again. Everyone else reads on, and sees that it is closed.
          </span>
        </span>
      </label>
      <ProblemLine problem={problem} />
    </section>
  );
}
