import { useId, useRef, useState } from "preact/hooks";
import { Icon } from "../app/icons.tsx";
import { ProblemLine } from "../app/problem-line.tsx";
import { announce } from "../app/toasts.tsx";
import { readAddresses } from "./addresses.ts";

/** How many people can be named at once: each gets a link of their own, and a chat has 200. */
const MOST = 50;

/** E-mail addresses as removable chips; what is typed becomes one by Enter, a comma, or leaving the field. */
export function AddressChips(props: {
  addresses: readonly string[];
  /** What is typed and not taken yet; kept by the form, so that pressing its button takes it too. */
  typed: string;
  onChange: (change: { addresses: readonly string[]; typed: string }) => void;
}) {
  const { addresses, onChange, typed } = props;
  const [problem, setProblem] = useState<string | null>(null);
  const field = useRef<HTMLInputElement>(null);
  const id = useId();
  const take = (text: string) => {
    const { addresses: read, rest } = readAddresses(text);
    const fresh = read.filter((address) => !addresses.includes(address));
    const fitting = fresh.slice(0, Math.max(MOST - addresses.length, 0));
    onChange({ addresses: [...addresses, ...fitting], typed: rest.join(", ") });
    if (fitting.length > 0) announce(`${fitting.join(", ")} added`);
    if (fitting.length < fresh.length) setProblem(`You can name ${MOST} people at once.`);
    else setProblem(rest.length === 0 ? null : `“${rest[0]}” is not an e-mail address.`);
  };
  const remove = (address: string) => {
    onChange({ addresses: addresses.filter((other) => other !== address), typed });
    announce(`${address} removed`);
    field.current?.focus();
  };
  return (
    <div class="field">
      <label for={id}>Their e-mail addresses</label>
      <div class="chips-box">
        {addresses.length > 0 && (
          <ul class="chips" aria-label="People you name">
            {addresses.map((address) => (
              <li key={address} class="chip">
                <bdi title={address}>{address}</bdi>
                <button type="button" aria-label={`Remove ${address}`} onClick={() => remove(address)}>
                  <Icon name="close" />
                </button>
              </li>
            ))}
          </ul>
        )}
        <input
          id={id}
          ref={field}
          class="input"
          type="text"
          inputMode="email"
          autoComplete="off"
          autoCapitalize="off"
          spellcheck={false}
          dir="ltr"
          placeholder={addresses.length === 0 ? "ada@example.org" : ""}
          value={typed}
          aria-invalid={problem !== null}
          aria-describedby={`${id}-hint`}
          onInput={({ currentTarget: { value } }) => {
            setProblem(null);
            if (/[,;\n]/.test(value)) take(value);
            else onChange({ addresses, typed: value });
          }}
          onKeyDown={(event) => {
            if (event.key === "Enter" && typed.trim() !== "") {
              event.preventDefault();
              take(typed);
            }
            const last = addresses.at(-1);
            if (event.key === "Backspace" && typed === "" && last !== undefined) remove(last);
          }}
          onPaste={(event) => {
            const text = event.clipboardData?.getData("text") ?? "";
            if (!/[\s,;]/.test(text.trim())) return;
            event.preventDefault();
            take(`${typed} ${text}`);
          }}
          onBlur={() => typed.trim() !== "" && take(typed)}
        />
      </div>
      <p class="hint" id={`${id}-hint`}>
        Each person gets a link of their own, which opens only after they sign in with a code sent to that address.
      </p>
      <ProblemLine problem={problem} />
    </div>
  );
}
