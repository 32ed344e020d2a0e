import { useState } from "preact/hooks";
import { Form } from "../app/form.tsx";
import { readPreference, writePreference } from "../app/preferences.ts";
import { ProblemLine } from "../app/problem-line.tsx";
import { useTask } from "../app/use-task.ts";
import { rememberColour, suggestColour } from "../group/colours.ts";
import { isName, type Profile, ProfileFields } from "../group/profile-fields.tsx";
import { suggestName } from "../group/suggest-name.ts";
import type { RoomModel } from "./room-model.ts";

/** A group chat is joined under a name and in a colour, in one step; reading needs neither. */
export function JoinForm({ model }: { model: RoomModel }) {
  const [profile, setProfile] = useState<Profile>(() => ({
    name: readPreference("name") ?? suggestName(model.people.peek()),
    colour: suggestColour(model.people.peek()),
  }));
  const task = useTask();
  const { name, colour } = profile;
  const join = async () => {
    await model.room.join(name, { colour });
    writePreference("name", name.trim());
    rememberColour(colour);
  };
  return (
    <Form task={task} onSubmit={join} ready={isName(name)} label="Join this chat" className="join">
      <ProfileFields model={model} profile={profile} onChange={setProfile} />
      <p class="hint">Everyone in this group chat sees your name and colour, what you write, and when you are here.</p>
      <ProblemLine problem={task.problem} />
      <button type="submit" class="button primary" disabled={task.busy || !isName(name)}>
        {task.busy ? "Joining…" : "Join chat"}
      </button>
    </Form>
  );
}
