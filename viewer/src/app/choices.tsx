import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";

export interface Option<Value> {
  readonly value: Value;
  readonly name: ComponentChildren;
  /** What choosing it means. */
  readonly hint?: ComponentChildren;
  readonly disabled?: boolean;
}

/** One of a few, each with what it means. */
export function Choices<Value>(props: {
  legend: ComponentChildren;
  options: readonly Option<Value>[];
  value: Value;
  onChange: (value: Value) => void;
  /** Side by side where there is room. */
  beside?: boolean;
}) {
  const { legend, options, value, onChange, beside = false } = props;
  const group = useId();
  return (
    <fieldset class="group">
      <legend>{legend}</legend>
      <div class={beside ? "choices beside" : "choices"}>
        {options.map((option, index) => (
          <label key={index} class="choice">
            <input
              type="radio"
              name={group}
              checked={option.value === value}
              disabled={option.disabled ?? false}
              onChange={() => onChange(option.value)}
            />
            <b>{option.name}</b>
            {option.hint && <span>{option.hint}</span>}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
