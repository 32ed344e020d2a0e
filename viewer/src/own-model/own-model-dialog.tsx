import type { OwnModelSettings } from "@openmates-share/client";
import { useId, useState } from "preact/hooks";
import { Dialog } from "../app/dialog.tsx";
import { sentenceOf } from "../app/problem.tsx";
import { useSession } from "../app/session.ts";

/** Where one's own model is: any OpenAI-compatible address. */
export function OwnModelDialog(props: {
  settings: OwnModelSettings | null;
  onClose: () => void;
  onChange: (settings: OwnModelSettings | null) => void;
}) {
  const { settings, onClose, onChange } = props;
  const { client } = useSession();
  const [address, setAddress] = useState(settings?.address ?? "http://localhost:11434/v1");
  const [model, setModel] = useState(settings?.model ?? "");
  const [key, setKey] = useState(settings?.key ?? "");
  const [problem, setProblem] = useState<string | null>(null);
  const save = async () => {
    try {
      onChange(await (await client.ownModel()).set({ address, model, key }));
      onClose();
    } catch (error) {
      setProblem(sentenceOf(error));
    }
  };
  const clear = async () => {
    await (await client.ownModel()).clear();
    onChange(null);
    onClose();
  };
  return (
    <Dialog title="Your own model" onClose={onClose}>
      <form
        class="own-form"
        onSubmit={(event) => {
          event.preventDefault();
          // It stands in the form of the message that is being written.
          event.stopPropagation();
          save().catch(reportError);
        }}
      >
        <p class="hint">
          It answers your mentions from this browser: the messages go from here to that address, and everybody in the
          chat gets the answer encrypted. The server sees none of it. Address and key stay on this device, encrypted.
        </p>
        <Field label="Address" value={address} onInput={setAddress} placeholder="https://…/v1" required />
        <Field label="Model" value={model} onInput={setModel} placeholder="llama3" required />
        <Field label="Key (if it needs one)" value={key} onInput={setKey} secret />
        <p class="hint">
          The address has to allow this page to ask it (CORS). For Ollama: <code>OLLAMA_ORIGINS={location.origin}</code>
        </p>
        {problem && (
          <p class="sentence bad" role="alert">
            {problem}
          </p>
        )}
        <div class="row">
          <button type="submit" class="button primary">
            Save
          </button>
          {settings && (
            <button type="button" class="button quiet" onClick={() => clear().catch(reportError)}>
              Remove
            </button>
          )}
        </div>
      </form>
    </Dialog>
  );
}

function Field(props: {
  label: string;
  value: string;
  onInput: (value: string) => void;
  secret?: boolean;
  placeholder?: string;
  required?: boolean;
}) {
  const { label, value, onInput, secret = false, placeholder = "", required = false } = props;
  const id = useId();
  const shared = {
    id,
    value,
    placeholder,
    required,
    spellcheck: false,
    onInput: ({ currentTarget }: { currentTarget: HTMLInputElement }) => onInput(currentTarget.value),
  };
  return (
    <div class="field own-field">
      <label for={id}>{label}</label>
      {secret ? (
        <input type="password" {...shared} autocomplete="off" />
      ) : (
        <input type="text" {...shared} autocomplete="off" />
      )}
    </div>
  );
}
