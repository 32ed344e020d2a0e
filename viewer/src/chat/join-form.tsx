import { useState } from "preact/hooks";
import { readPreference, writePreference } from "../app/preferences.ts";
import { sentenceOf } from "../app/problem.tsx";
import { rememberColour, suggestColour } from "../group/colours.ts";
import { isName, type Profile, ProfileFields } from "../group/profile-fields.tsx";
import type { RoomModel } from "./room-model.ts";

/** A group chat is joined under a name and in a colour, in one step; reading needs neither. */
export function JoinForm({ model }: { model: RoomModel }) {
  const [profile, setProfile] = useState<Profile>(() => ({
    name: readPreference("name") ?? "",
    colour: suggestColour(model.people.peek()),
  }));
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const { name, colour } = profile;
  const ready = isName(name) && !busy;
  const join = async () => {
    setBusy(true);
    setProblem(null);
    try {
      await model.room.join(name, { colour });
      writePreference("name", name.trim());
      rememberColour(colour);
    } catch (error) {
      setProblem(sentenceOf(error));
      setBusy(false);
    }
  };
  return (
    <form
      class="join"
      aria-label="Join this chat"
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) void join();
      }}
    >
      <ProfileFields model={model} profile={profile} onChange={setProfile} />
      <p class="hint">Everyone in this group chat sees your name and colour, what you write, and when you are here.</p>
      {problem && (
        <p class="sentence bad" role="alert">
          {problem}
        </p>
      )}
      <button type="submit" class="button primary" disabled={!ready}>
        {busy ? "Joining …" : "Join chat"}
      </button>
    </form>
  );
}
