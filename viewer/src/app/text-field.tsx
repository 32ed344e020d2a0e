import type { ComponentChildren, PartialInputHTMLAttributes } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";

type Given = Pick<
  PartialInputHTMLAttributes<HTMLInputElement>,
  "aria-invalid" | "autoCapitalize" | "autoComplete" | "disabled" | "inputMode" | "maxLength" | "name" | "placeholder"
>;

/** A line to write in, under its name. */
export function TextField(
  props: Given & {
    label: string;
    value: string;
    onInput: (value: string) => void;
    hint?: ComponentChildren;
    className?: string;
    /** Has the focus as soon as it is there. */
    takesFocus?: boolean;
    /** Nothing that a dictionary knows, such as an address. */
    isCode?: boolean;
    isEmail?: boolean;
  },
) {
  const {
    label,
    value,
    onInput,
    hint,
    className,
    takesFocus = false,
    isCode = false,
    isEmail = false,
    ...given
  } = props;
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  // After a dialog has opened: what is in a closed one can’t be focused.
  useEffect(() => {
    if (takesFocus) input.current?.focus();
  }, []);
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        dir="auto"
        autoComplete="off"
        {...given}
        {...(isEmail ? { type: "email" } : { type: "text" })}
        spellcheck={isCode || isEmail ? false : undefined}
        id={id}
        ref={input}
        class={className ? `input ${className}` : "input"}
        value={value}
        aria-describedby={hint ? `${id}-hint` : undefined}
        onInput={({ currentTarget }) => onInput(currentTarget.value)}
      />
      {hint && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}
