import { useState } from "preact/hooks";
import { Form } from "../app/form.tsx";
import { PasswordInput } from "../app/password-input.tsx";
import { ProblemLine } from "../app/problem-line.tsx";
import { useTask } from "../app/use-task.ts";

/** Below it a passphrase is guessed by machines, whatever is in it. Characters. */
const SHORTEST_PASSPHRASE = 12;

/** Asks for a passphrase: a new one, which has to be long enough, or the one there is. */
export function PassphraseForm(props: {
  label: string;
  button: string;
  working: string;
  fresh: boolean;
  run: (passphrase: string) => Promise<void>;
  onCancel?: () => void;
}) {
  const { label, button, working, fresh, run, onCancel } = props;
  const [passphrase, setPassphrase] = useState("");
  const task = useTask();
  const ready = passphrase.length >= (fresh ? SHORTEST_PASSPHRASE : 1);
  return (
    <Form task={task} onSubmit={() => run(passphrase)} ready={ready}>
      <PasswordInput
        label={label}
        value={passphrase}
        onInput={setPassphrase}
        autoComplete={fresh ? "new-password" : "current-password"}
        invalid={task.problem !== null}
        hint={fresh && `At least ${SHORTEST_PASSPHRASE} characters. Four or five random words are good.`}
      />
      <ProblemLine problem={task.problem} />
      <div class="row">
        <button type="submit" class="button primary" disabled={task.busy || !ready}>
          {task.busy ? working : button}
        </button>
        {onCancel && (
          <button type="button" class="button" disabled={task.busy} onClick={onCancel}>
            Cancel
          </button>
        )}
      </div>
    </Form>
  );
}
