import { useState } from "preact/hooks";
import { sentenceOf } from "../app/problem.tsx";
import { useSession } from "../app/session.ts";
import type { RoomModel } from "../chat/room-model.ts";
import { BecomesVisible } from "./becomes-visible.tsx";
import {
  AudienceChoice,
  DEFAULT_SETTINGS,
  linkOptions,
  ModeChoice,
  MoreOptions,
  problemIn,
  recipientsOf,
} from "./link-settings.tsx";
import { type Made, makeLinks } from "./make-links.ts";

export function NewLinkForm(props: {
  model: RoomModel;
  onCancel: () => void;
  onMade: (made: Made, hasPassword: boolean) => void;
}) {
  const { model, onCancel, onMade } = props;
  const { client } = useSession();
  const [settings, setSettings] = useState(DEFAULT_SETTINGS);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const recipients = recipientsOf(settings);
  const make = async () => {
    const wrong = problemIn(settings);
    setProblem(wrong);
    if (wrong) return;
    setBusy(true);
    try {
      const made = await makeLinks(client, model.room.chat, { recipients, options: linkOptions(settings) });
      onMade(made, settings.password !== "");
    } catch (error) {
      setProblem(sentenceOf(error));
      setBusy(false);
    }
  };
  return (
    <form
      class="stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (!busy) void make();
      }}
    >
      <AudienceChoice settings={settings} onChange={setSettings} />
      <ModeChoice settings={settings} onChange={setSettings} />
      <BecomesVisible model={model} collaborative={settings.mode === "collaborative"} />
      <div class="folds">
        <MoreOptions settings={settings} onChange={setSettings} />
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
          {busy ? "Creating …" : recipients.length > 1 ? `Create ${recipients.length} links` : "Create link"}
        </button>
      </div>
    </form>
  );
}
