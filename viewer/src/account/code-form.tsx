import { useId, useState } from "preact/hooks";
import { ProblemLine } from "./problem-line.tsx";
import { useTask } from "./use-task.ts";

/** A code that is on its way. */
export interface Sent {
  readonly email: string;
  readonly request: string;
  readonly delayed: boolean;
}

/** Asks for an address and sends a code there. */
export function AddressForm(props: {
  label: string;
  button: string;
  send: (email: string) => Promise<Omit<Sent, "email">>;
  onSent: (sent: Sent) => void;
}) {
  const { label, button, send, onSent } = props;
  const [email, setEmail] = useState("");
  const task = useTask();
  const id = useId();
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault();
        void task.run(async () => onSent({ email, ...(await send(email)) }));
      }}
    >
      <div class="field">
        <label for={id}>{label}</label>
        <input
          id={id}
          class="input"
          type="email"
          name="email"
          autoComplete="email"
          inputMode="email"
          autoCapitalize="off"
          spellcheck={false}
          required
          value={email}
          onInput={({ currentTarget }) => setEmail(currentTarget.value)}
        />
      </div>
      <ProblemLine task={task} />
      <div class="row">
        <button type="submit" class="button primary" disabled={task.busy || email.trim() === ""}>
          {task.busy ? "Sending …" : button}
        </button>
      </div>
    </form>
  );
}

/** Takes the code. The browser may fill it in from the mail or the message it came in. */
export function CodeForm(props: {
  sent: Sent;
  button: string;
  send: (email: string) => Promise<Omit<Sent, "email">>;
  onSent: (sent: Sent) => void;
  redeem: (code: string) => Promise<void>;
  onBack: () => void;
}) {
  const { sent, button, send, onSent, redeem, onBack } = props;
  const [code, setCode] = useState("");
  const task = useTask();
  const id = useId();
  const digits = code.replace(/[\s-]/g, "");
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault();
        void task.run(() => redeem(digits));
      }}
    >
      <p role="status">
        {sent.delayed ? "The mail is delayed: we go on trying to send a code to " : "We sent a code to "}
        <b>{sent.email}</b>. It is good for 15 minutes.
      </p>
      <div class="field">
        <label for={id}>Six-digit code</label>
        <input
          id={id}
          ref={focusOnce}
          class="input code-input"
          name="code"
          inputMode="numeric"
          autoComplete="one-time-code"
          maxLength={12}
          value={code}
          aria-invalid={task.problem !== null}
          onInput={({ currentTarget }) => setCode(currentTarget.value)}
        />
      </div>
      <ProblemLine task={task} />
      <div class="row">
        <button type="submit" class="button primary" disabled={task.busy || !/^\d{6}$/.test(digits)}>
          {task.busy ? "Checking …" : button}
        </button>
        <button
          type="button"
          class="button"
          disabled={task.busy}
          onClick={() => void task.run(async () => onSent({ email: sent.email, ...(await send(sent.email)) }))}
        >
          Send another code
        </button>
        <button type="button" class="button quiet" disabled={task.busy} onClick={onBack}>
          Other address
        </button>
      </div>
    </form>
  );
}

function focusOnce(element: HTMLInputElement | null): void {
  element?.focus();
}
