import { useState } from "preact/hooks";
import { complain } from "../app/complain.ts";
import { DialogForm } from "../app/dialog-form.tsx";
import { readPreference, writePreference } from "../app/preferences.ts";
import { useSession } from "../app/session.ts";
import { useTask } from "../app/use-task.ts";
import type { RoomModel } from "../chat/room-model.ts";
import { BecomesVisible } from "./becomes-visible.tsx";
import {
  AudienceChoice,
  checkSettings,
  DEFAULT_SETTINGS,
  linkOptions,
  ModeChoice,
  MoreOptions,
  recipientsOf,
} from "./link-settings.tsx";
import { type Made, makeLinks } from "./make-links.ts";
import { OwnerNameField } from "./owner-name-field.tsx";

export function NewLinkForm(props: {
  model: RoomModel;
  onCancel: () => void;
  onMade: (made: Made, hasPassword: boolean) => void;
}) {
  const { model, onCancel, onMade } = props;
  const { client } = useSession();
  const [settings, setSettings] = useState(DEFAULT_SETTINGS);
  const task = useTask();
  const recipients = recipientsOf(settings);
  const { me, people } = model.state.value;
  // Whoever comes sees who is there; once said, a name is changed among the people.
  const nameless = settings.mode === "collaborative" && people.some(({ sender, named }) => sender === me && !named);
  const [name, setName] = useState(readPreference("name") ?? "");
  const make = async () => {
    checkSettings(settings);
    if (nameless && name.trim()) {
      // Not waited for: it goes out by itself, as everything that is written.
      model.room.join(name.trim()).catch(complain);
      writePreference("name", name.trim());
    }
    const made = await makeLinks(client, model.room.chat, { recipients, options: linkOptions(settings) });
    onMade(made, settings.password !== "");
  };
  return (
    <DialogForm
      task={task}
      onSubmit={make}
      submit={recipients.length > 1 ? `Create ${recipients.length} links` : "Create link"}
      working="Creating…"
      onCancel={onCancel}
    >
      <AudienceChoice settings={settings} onChange={setSettings} />
      <ModeChoice mode={settings.mode} onChange={(mode) => setSettings({ ...settings, mode })} />
      {nameless && <OwnerNameField value={name} onInput={setName} />}
      <BecomesVisible model={model} collaborative={settings.mode === "collaborative"} />
      <div class="folds">
        <MoreOptions settings={settings} onChange={setSettings} />
      </div>
    </DialogForm>
  );
}
