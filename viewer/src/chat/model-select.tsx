import type { MateInfo } from "./use-mate.ts";

/** Which model is to answer; nothing where there is no choice. */
export function ModelSelect(props: {
  mate: MateInfo | null;
  label: string;
  value: string | null;
  onChange: (model: string) => void;
  /** Stands first and chooses nothing. */
  prompt?: string;
}) {
  const { mate, label, value, onChange, prompt } = props;
  if (!mate || mate.models.length < 2) return null;
  return (
    <select
      class="model-select"
      aria-label={label}
      value={value ?? (prompt ? "" : mate.models[0]?.id)}
      onChange={({ currentTarget }) => {
        if (currentTarget.value !== "") onChange(currentTarget.value);
        if (prompt) currentTarget.value = "";
      }}
    >
      {prompt && <option value="">{prompt}</option>}
      {mate.models.map(({ id, name }) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </select>
  );
}

export function modelName(mate: MateInfo | null, id: string | null): string {
  if (!mate) return "OpenMates";
  if (mate.demo) return "the built-in demo (no model is connected)";
  return (mate.models.find((model) => model.id === id) ?? mate.models[0])?.name ?? mate.name;
}
