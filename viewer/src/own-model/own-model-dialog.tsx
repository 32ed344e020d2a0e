import type { OwnModelSettings } from "@openmates-share/client";
import { useState } from "preact/hooks";
import { Check } from "../app/check.tsx";
import { complain } from "../app/complain.ts";
import { Dialog } from "../app/dialog.tsx";
import { DialogForm } from "../app/dialog-form.tsx";
import { PasswordInput } from "../app/password-input.tsx";
import { useSession } from "../app/session.ts";
import { TextField } from "../app/text-field.tsx";

import { useTask } from "../app/use-task.ts";
import type { RoomModel } from "../chat/room-model.ts";

/** Where one's own model is: any OpenAI-compatible address. */
export function OwnModelDialog(props: {
  model: RoomModel;
  settings: OwnModelSettings | null;
  onClose: () => void;
  onChange: (settings: OwnModelSettings | null) => void;
}) {
  const { model: chat, settings, onClose, onChange } = props;
  const { client } = useSession();
  const [address, setAddress] = useState(settings?.address ?? "http://localhost:11434/v1");
  const [model, setModel] = useState(settings?.model ?? "");
  const [key, setKey] = useState(settings?.key ?? "");
  const mine = chat.people.value.find(({ sender }) => sender === chat.me);
  const [others, setOthers] = useState(mine?.model != null);
  const task = useTask();
  const save = async () => {
    const saved = await (await client.ownModel()).set({ address, model, key });
    onChange(saved);
    onClose();
    // Stored when the line is there; it stands among what waits until then.
    chat.room.offerModel(others ? saved.model : null).catch(complain);
  };
  const clear = async () => {
    await (await client.ownModel()).clear();
    onChange(null);
    onClose();
    chat.room.offerModel(null).catch(complain);
  };
  return (
    <Dialog title="Your own model" onClose={onClose}>
      <DialogForm
        task={task}
        onSubmit={save}
        submit="Save"
        onCancel={onClose}
        ready={address.trim() !== "" && model.trim() !== ""}
        beside={
          settings && (
            <button type="button" class="button danger-quiet" disabled={task.busy} onClick={() => task.run(clear)}>
              Remove
            </button>
          )
        }
      >
        <p>
          It answers your mentions from this browser: the messages go straight to its address, and everybody in the chat
          gets the answer encrypted. The server sees none of it.
        </p>
        <TextField
          label="Address"
          value={address}
          onInput={setAddress}
          placeholder="https://…/v1"
          isCode
          hint={
            <>
              Any address that speaks OpenAI’s protocol. It has to let this page ask it; Ollama does when started with{" "}
              <code class="own-origin">OLLAMA_ORIGINS={location.origin}</code>
            </>
          }
        />
        <TextField label="Model" value={model} onInput={setModel} placeholder="llama3" isCode />
        <PasswordInput
          label="Key (if it needs one)"
          value={key}
          onInput={setKey}
          autoComplete="off"
          hint="Address and key stay on this device, encrypted."
        />
        <Check
          checked={others}
          onChange={setOthers}
          hint="While this chat is open here, it answers those who choose it, with the messages that they choose. You pay for what it costs. Everybody in the chat reads the model’s name."
        >
          Others in this chat may ask it, too
        </Check>
      </DialogForm>
    </Dialog>
  );
}
