import { useState } from "preact/hooks";
import { readPreference, writePreference } from "../app/preferences.ts";
import { sentenceOf } from "../app/problem.tsx";
import type { RoomModel } from "./room-model.ts";

/** A group chat is joined under a name; reading needs none. */
export function JoinForm({ model }: { model: RoomModel }) {
  const [name, setName] = useState(readPreference("name") ?? "");
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const join = async () => {
    setBusy(true);
    setProblem(null);
    try {
      await model.room.join(name);
      writePreference("name", name.trim());
    } catch (error) {
      setProblem(sentenceOf(error));
      setBusy(false);
    }
  };
  return (
    <form
      class="join"
      onSubmit={(event) => {
        event.preventDefault();
        if (name.trim() !== "" && !busy) void join();
      }}
    >
      <div class="field">
        <label for="join-name">Your name</label>
        <p class="hint" id="join-hint">
          This is a group chat. Everyone in it sees what you write and the name you choose.
        </p>
        <div class="with-button">
          <input
            id="join-name"
            class="input"
            value={name}
            maxLength={60}
            autoComplete="nickname"
            aria-describedby="join-hint"
            dir="auto"
            onInput={(event) => setName(event.currentTarget.value)}
          />
          <button type="submit" class="button primary" disabled={busy || name.trim() === ""}>
            {busy ? "Joining …" : "Join chat"}
          </button>
        </div>
      </div>
      {problem && (
        <p class="sentence bad" role="alert">
          {problem}
        </p>
      )}
    </form>
  );
}
