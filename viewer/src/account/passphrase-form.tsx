import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { PasswordInput } from "../app/password-input.tsx";
import { ProblemLine } from "./problem-line.tsx";
import { useTask } from "./use-task.ts";

/** Below it a passphrase is guessed by machines, whatever is in it. Characters. */
export const SHORTEST_PASSPHRASE = 12;

/** Asks for a passphrase: a new one, which has to be long enough, or the one there is. */
export function PassphraseForm(props: {
  label: string;
  button: string;
  working: string;
  fresh: boolean;
  hint?: ComponentChildren;
  run: (passphrase: string) => Promise<void>;
  onCancel?: () => void;
}) {
  const { label, button, working, fresh, hint, run, onCancel } = props;
  const [passphrase, setPassphrase] = useState("");
  const task = useTask();
  const tooShort = fresh && passphrase.length < SHORTEST_PASSPHRASE;
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (!tooShort) void task.run(() => run(passphrase));
      }}
    >
      <PasswordInput
        label={label}
        value={passphrase}
        onInput={setPassphrase}
        autoComplete={fresh ? "new-password" : "current-password"}
        invalid={task.problem !== null}
        hint={fresh ? `At least ${SHORTEST_PASSPHRASE} characters. Four or five random words are good.` : hint}
      />
      <ProblemLine task={task} />
      <div class="row">
        <button type="submit" class="button primary" disabled={task.busy || tooShort || passphrase === ""}>
          {task.busy ? working : button}
        </button>
        {onCancel && (
          <button type="button" class="button" disabled={task.busy} onClick={onCancel}>
            Cancel
          </button>
        )}
      </div>
    </form>
  );
}
