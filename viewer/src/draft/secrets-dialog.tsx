import { type FoundSecret, SECRET_KINDS } from "@openmates-share/importers";
import { useState } from "preact/hooks";
import { counted } from "../app/dates.ts";
import { Dialog, DialogFoot } from "../app/dialog.tsx";

/** More rows than that are shown when asked for. */
const SHOWN = 50;

/** What was found, to be masked or kept one by one. */
export function SecretsDialog(props: {
  secrets: readonly FoundSecret[];
  masked: readonly string[];
  onSave: (values: readonly string[]) => void;
  onClose: () => void;
}) {
  const { secrets, onSave, onClose } = props;
  // Nothing decided yet: all of it is proposed.
  const [chosen, setChosen] = useState(
    () => new Set(props.masked.length > 0 ? props.masked : secrets.map(({ value }) => value)),
  );
  const [limit, setLimit] = useState(SHOWN);
  const toggle = (value: string) => {
    const next = new Set(chosen);
    if (!next.delete(value)) next.add(value);
    setChosen(next);
  };
  return (
    <Dialog title="Mask before sharing" onClose={onClose} wide>
      <p class="hint">
        These look like secrets or personal data. What is masked is replaced in what you share; your draft keeps it.
        What has no shape of its own, such as a name, is not found: please look yourself, too.
      </p>
      <div class="row">
        <button
          type="button"
          class="button small"
          onClick={() => setChosen(new Set(secrets.map(({ value }) => value)))}
        >
          Mask all
        </button>
        <button type="button" class="button small" onClick={() => setChosen(new Set())}>
          Keep all
        </button>
      </div>
      <ul class="findings" aria-label="Findings">
        {secrets.slice(0, limit).map((secret) => (
          <li key={secret.value}>
            <Finding secret={secret} masked={chosen.has(secret.value)} onToggle={() => toggle(secret.value)} />
          </li>
        ))}
      </ul>
      {secrets.length > limit && (
        <button type="button" class="button small" onClick={() => setLimit(limit + SHOWN)}>
          Show more ({secrets.length - limit} left)
        </button>
      )}
      <DialogFoot>
        <button type="button" class="button" onClick={onClose}>
          Cancel
        </button>
        <button type="button" class="button primary" onClick={() => onSave([...chosen])}>
          {chosen.size === 0 ? "Keep everything" : `Mask ${chosen.size.toLocaleString()}`}
        </button>
      </DialogFoot>
    </Dialog>
  );
}

function Finding({ secret, masked, onToggle }: { secret: FoundSecret; masked: boolean; onToggle: () => void }) {
  const { kind, value, places, count } = secret;
  const [place] = places;
  const where = place && place.message >= 0 ? `message ${place.message + 1}` : "the title";
  return (
    <label class="choice">
      <input type="checkbox" checked={masked} onChange={onToggle} />
      <b>
        {sentenceCase(SECRET_KINDS[kind])}{" "}
        <span class={masked ? "mark accent" : "mark"}>{masked ? "Masked" : "Kept"}</span>
      </b>
      <span>
        <span class="finding-text" dir="auto">
          {place?.before}
          <mark>{value.length > 120 ? `${value.slice(0, 120)}…` : value}</mark>
          {place?.after}
        </span>
        <br />
        In {where}
        {count > 1 && `, ${counted(count, "time")} in all`}
      </span>
    </label>
  );
}

const sentenceCase = (words: string) => words.charAt(0).toUpperCase() + words.slice(1);
