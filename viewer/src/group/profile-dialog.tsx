import { useState } from "preact/hooks";
import { Dialog } from "../app/dialog.tsx";
import { writePreference } from "../app/preferences.ts";
import { sentenceOf } from "../app/problem.tsx";
import type { RoomModel } from "../chat/room-model.ts";
import { rememberColour, suggestColour } from "./colours.ts";
import { isName, type Profile, ProfileFields } from "./profile-fields.tsx";

/** Another name or colour for oneself, in a chat one takes part in. */
export function ProfileDialog({ model, onClose }: { model: RoomModel; onClose: () => void }) {
  const [profile, setProfile] = useState<Profile>(() => profileOf(model));
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const save = async () => {
    setBusy(true);
    setProblem(null);
    try {
      await model.room.join(profile.name, { colour: profile.colour });
      writePreference("name", profile.name.trim());
      rememberColour(profile.colour);
      onClose();
    } catch (error) {
      setProblem(sentenceOf(error));
      setBusy(false);
    }
  };
  return (
    <Dialog title="How others see you" onClose={onClose} busy={busy}>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (isName(profile.name) && !busy) void save();
        }}
      >
        <ProfileFields model={model} profile={profile} onChange={setProfile} />
        <p class="hint">Everyone in this chat sees that you have changed it. Older messages keep the name they had.</p>
        {problem && (
          <p class="sentence bad" role="alert">
            {problem}
          </p>
        )}
        <div class="row end">
          <button type="button" class="button" disabled={busy} onClick={onClose}>
            Cancel
          </button>
          <button type="submit" class="button primary" disabled={busy || !isName(profile.name)}>
            {busy ? "Saving …" : "Save"}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

function profileOf({ people, me }: RoomModel): Profile {
  const mine = people.peek().find(({ sender }) => sender === me);
  const name = mine?.name ?? "";
  return { name: name === "Owner" ? "" : name, colour: mine?.colour ?? suggestColour(people.peek()) };
}
