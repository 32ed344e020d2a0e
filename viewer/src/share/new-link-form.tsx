import { LIMITS } from "@openmates-share/client";
import { useState } from "preact/hooks";
import { counted } from "../app/dates.ts";
import { sentenceOf } from "../app/problem.tsx";
import { useSession } from "../app/session.ts";
import type { RoomModel } from "../chat/room-model.ts";
import { excerpt } from "../chat/speaker.ts";
import { DEFAULT_SETTINGS, linkOptions, ModeChoice, PasswordAndExpiry } from "./link-settings.tsx";

/** More lines than that are told by their number. */
const LISTED = 5;

export function NewLinkForm(props: {
  model: RoomModel;
  onCancel: () => void;
  onMade: (url: string, hasPassword: boolean) => void;
}) {
  const { model, onCancel, onMade } = props;
  const { client } = useSession();
  const [settings, setSettings] = useState(DEFAULT_SETTINGS);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const make = async () => {
    setBusy(true);
    setProblem(null);
    try {
      const { url } = await client.createLink(model.room.chat, linkOptions(settings));
      onMade(url, settings.password !== "");
    } catch (error) {
      setProblem(sentenceOf(error));
      setBusy(false);
    }
  };
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (!busy) void make();
      }}
    >
      <ModeChoice settings={settings} onChange={setSettings} />
      <BecomesVisible model={model} collaborative={settings.mode === "collaborative"} />
      <PasswordAndExpiry settings={settings} onChange={setSettings} />
      <div class="field">
        <label for="link-label">Name of the link (optional)</label>
        <input
          id="link-label"
          class="input"
          value={settings.label}
          maxLength={LIMITS.name}
          aria-describedby="link-label-hint"
          dir="auto"
          onInput={({ currentTarget }) => setSettings({ ...settings, label: currentTarget.value })}
        />
        <p class="hint" id="link-label-hint">
          For yourself, to tell your links apart. Encrypted.
        </p>
      </div>
      {problem && (
        <p class="sentence bad" role="alert">
          {problem}
        </p>
      )}
      <div class="row end dialog-foot">
        <button type="button" class="button" disabled={busy} onClick={onCancel}>
          Cancel
        </button>
        <button type="submit" class="button primary" disabled={busy}>
          {busy ? "Creating …" : "Create link"}
        </button>
      </div>
    </form>
  );
}

/** Before a link is made: what its holders get to see. */
function BecomesVisible({ model, collaborative }: { model: RoomModel; collaborative: boolean }) {
  const unshared = model.unshared.value;
  const count = model.unsharedCount.value;
  const shared = model.state.value.messages.through - count;
  if (!collaborative || count === 0) {
    return (
      <p class="sentence">
        Visible to people with the link: {counted(shared, "message")}
        {collaborative
          ? ", and everything that is written later."
          : count > 0
            ? `. ${counted(count, "later message")} stay private.`
            : "."}
      </p>
    );
  }
  return (
    <div class="sentence private">
      <p>Your {counted(count, "private message")} will be visible to everyone who joins by this link:</p>
      <ul class="adds">
        {unshared.slice(0, LISTED).map((message) => (
          <li key={message.id} dir="auto">
            {model.quoteOf(message, (text) => excerpt(text))}
          </li>
        ))}
        {count > LISTED && <li>and {count - LISTED} more</li>}
      </ul>
    </div>
  );
}
