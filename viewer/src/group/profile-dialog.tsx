import { useState } from "preact/hooks";
import { Dialog } from "../app/dialog.tsx";
import { DialogForm } from "../app/dialog-form.tsx";
import { writePreference } from "../app/preferences.ts";
import { useTask } from "../app/use-task.ts";
import type { RoomModel } from "../chat/room-model.ts";
import { rememberColour, suggestColour } from "./colours.ts";
import { isName, type Profile, ProfileFields } from "./profile-fields.tsx";

/** Another name or colour for oneself, in a chat one takes part in. */
export function ProfileDialog({ model, onClose }: { model: RoomModel; onClose: () => void }) {
  const [profile, setProfile] = useState<Profile>(() => profileOf(model));
  const task = useTask();
  const save = async () => {
    await model.room.join(profile.name, { colour: profile.colour });
    writePreference("name", profile.name.trim());
    rememberColour(profile.colour);
    onClose();
  };
  return (
    <Dialog title="How others see you" onClose={onClose} busy={task.busy}>
      <DialogForm
        task={task}
        onSubmit={save}
        submit="Save"
        working="Saving…"
        ready={isName(profile.name)}
        onCancel={onClose}
      >
        <ProfileFields model={model} profile={profile} onChange={setProfile} />
        <p class="hint">Everyone in this chat sees that you have changed it. Older messages keep the name they had.</p>
      </DialogForm>
    </Dialog>
  );
}

function profileOf({ people, me }: RoomModel): Profile {
  const mine = people.peek().find(({ sender }) => sender === me);
  const name = mine?.name ?? "";
  return { name: name === "Owner" ? "" : name, colour: mine?.colour ?? suggestColour(people.peek()) };
}
