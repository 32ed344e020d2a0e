import { useState } from "preact/hooks";
import { complain } from "../app/complain.ts";
import { counted } from "../app/dates.ts";
import { Icon } from "../app/icons.tsx";
import type { DraftModel } from "./draft-model.ts";
import { SecretsDialog } from "./secrets-dialog.tsx";

/** What is decided about a draft before it is shared: which messages, and what in them is masked. */
export function DraftBar(props: { model: DraftModel; choosing: boolean; onChoosing: (choosing: boolean) => void }) {
  const { model, choosing, onChoosing } = props;
  const left = model.leftOut.value.size;
  const total = model.shown.value.length;
  return (
    <div class="draft-bar stack">
      <div class="row">
        <button type="button" class="button small" aria-pressed={choosing} onClick={() => onChoosing(!choosing)}>
          <Icon name={choosing ? "check" : "eye"} />
          {choosing ? "Done choosing" : "Choose messages"}
        </button>
        {choosing && (
          <>
            <button type="button" class="button small" onClick={() => leave(model, { total, out: false })}>
              Share all
            </button>
            <button type="button" class="button small" onClick={() => leave(model, { total, out: true })}>
              Leave all out
            </button>
          </>
        )}
        {(choosing || left > 0) && (
          <span class="hint" role="status">
            {counted(total - left, "message")} of {total.toLocaleString()} will be shared
          </span>
        )}
      </div>
      {choosing && <p class="hint with-keyboard">Hold Shift to choose all messages between two.</p>}
      <Secrets model={model} />
    </div>
  );
}

function leave(model: DraftModel, { total, out }: { total: number; out: boolean }): void {
  model.leaveOut({ from: 0, to: total - 1 }, out).catch(complain);
}

function Secrets({ model }: { model: DraftModel }) {
  const [open, setOpen] = useState(false);
  const findings = model.findings.value;
  const { masked } = model.choices.value;
  if (findings.state === "looking") return <p class="hint">Looking for keys, passwords and addresses…</p>;
  if (findings.state === "failed")
    return <p class="hint">Looking for keys, passwords and addresses failed: please look yourself.</p>;
  const { secrets } = findings;
  if (secrets.length === 0) return <p class="hint">No keys, passwords, addresses or account numbers were found.</p>;
  const present = new Set(secrets.map(({ value }) => value));
  const count = masked.filter((value) => present.has(value)).length;
  const save = (values: readonly string[]) => {
    setOpen(false);
    model.mask(values).catch(complain);
  };
  return (
    <>
      <p class={count === 0 ? "sentence private" : "sentence"}>
        {secrets.length === 1 ? "1 thing looks" : `${secrets.length.toLocaleString()} things look`} like a secret or
        personal data{count > 0 && `; ${count === secrets.length ? "all" : count} masked`}.{" "}
        <button type="button" class="text-button" onClick={() => setOpen(true)}>
          {count === 0 ? "Look and mask" : "Change"}
        </button>
      </p>
      {open && <SecretsDialog secrets={secrets} masked={masked} onSave={save} onClose={() => setOpen(false)} />}
    </>
  );
}
