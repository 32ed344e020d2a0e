import type { ComponentChildren } from "preact";

/** Something that is so or not, with the words for it. */
export function Check(props: {
  checked: boolean;
  onChange: (checked: boolean) => void;
  disabled?: boolean;
  /** What it means, beneath. */
  hint?: ComponentChildren;
  children: ComponentChildren;
}) {
  const { checked, onChange, disabled = false, hint, children } = props;
  return (
    <label class="check">
      <input
        type="checkbox"
        checked={checked}
        disabled={disabled}
        onChange={({ currentTarget }) => onChange(currentTarget.checked)}
      />
      <span>
        {children}
        {hint && <span class="hint block">{hint}</span>}
      </span>
    </label>
  );
}
