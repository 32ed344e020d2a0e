import { useState } from "preact/hooks";
import { Form } from "../app/form.tsx";
import { InputError } from "../app/input-error.ts";
import { ProblemLine } from "../app/problem-line.tsx";
import { TextField } from "../app/text-field.tsx";
import { useTask } from "../app/use-task.ts";
import { readAddress } from "../share/addresses.ts";

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
  const ask = async () => {
    if (readAddress(email) === null) throw new InputError(`“${email.trim()}” is not an e-mail address.`);
    onSent({ email, ...(await send(email)) });
  };
  return (
    <Form task={task} onSubmit={ask} ready={email.trim() !== ""}>
      <TextField
        label={label}
        isEmail
        name="email"
        autoComplete="email"
        inputMode="email"
        autoCapitalize="off"
        value={email}
        onInput={setEmail}
      />
      <ProblemLine problem={task.problem} />
      <div class="row">
        <button type="submit" class="button primary" disabled={task.busy || email.trim() === ""}>
          {task.busy ? "Sending…" : button}
        </button>
      </div>
    </Form>
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
  const digits = code.replace(/[\s-]/g, "");
  const complete = /^\d{6}$/.test(digits);
  return (
    <Form task={task} onSubmit={() => redeem(digits)} ready={complete}>
      <p role="status">
        {sent.delayed ? "The mail is delayed: we go on trying to send a code to " : "We sent a code to "}
        <b>{sent.email}</b>. It is good for 15 minutes.
      </p>
      <TextField
        label="Six-digit code"
        className="code-input"
        name="code"
        inputMode="numeric"
        autoComplete="one-time-code"
        maxLength={12}
        value={code}
        aria-invalid={task.problem !== null}
        takesFocus
        onInput={setCode}
      />
      <ProblemLine problem={task.problem} />
      <div class="row">
        <button type="submit" class="button primary" disabled={task.busy || !complete}>
          {task.busy ? "Checking…" : button}
        </button>
        <button
          type="button"
          class="button"
          disabled={task.busy}
          onClick={() => task.run(async () => onSent({ email: sent.email, ...(await send(sent.email)) }))}
        >
          Send another code
        </button>
        <button type="button" class="text-button" disabled={task.busy} onClick={onBack}>
          Use another address
        </button>
      </div>
    </Form>
  );
}
