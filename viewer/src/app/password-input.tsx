import type { ComponentChildren, Ref } from "preact";
import { useId, useState } from "preact/hooks";

/** A password that can be looked at while it is typed. */
export function PasswordInput(props: {
  label: string;
  value: string;
  onInput: (value: string) => void;
  autoComplete: "off" | "new-password" | "current-password";
  hint?: ComponentChildren;
  invalid?: boolean;
  inputRef?: Ref<HTMLInputElement>;
}) {
  const { label, value, onInput, autoComplete, hint, invalid = false, inputRef = null } = props;
  const [shown, setShown] = useState(false);
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <div class="with-button">
        <input
          id={id}
          ref={inputRef}
          class="input"
          {...(shown ? { type: "text" } : { type: "password" })}
          value={value}
          autoComplete={autoComplete}
          autoCapitalize="off"
          spellcheck={false}
          aria-invalid={invalid}
          aria-describedby={hint ? `${id}-hint` : undefined}
          onInput={(event) => onInput(event.currentTarget.value)}
        />
        <button
          type="button"
          class="button"
          aria-pressed={shown}
          aria-label="Show password"
          onClick={() => setShown(!shown)}
        >
          {shown ? "Hide" : "Show"}
        </button>
      </div>
      {hint && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}
