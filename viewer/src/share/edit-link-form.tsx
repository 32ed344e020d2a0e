import type { LinkEdit, OwnedLink } from "@openmates-share/client";
import { useState } from "preact/hooks";
import { sentenceOf } from "../app/problem.tsx";
import { useSession } from "../app/session.ts";
import { toast } from "../app/toasts.tsx";
import type { RoomModel } from "../chat/room-model.ts";
import { BecomesVisible } from "./becomes-visible.tsx";
import { type Expiry, expiryTime, localTime } from "./expiry.ts";
import { ExpiryChoice } from "./expiry-choice.tsx";
import { DEFAULT_SETTINGS, LabelField, ModeChoice, problemInLimits, ViewLimitField } from "./link-settings.tsx";
import { nameOfLink } from "./taking-away.ts";

/** Changes a link for everybody who has it, at once. */
export function EditLinkForm(props: {
  model: RoomModel;
  link: OwnedLink;
  onCancel: () => void;
  onSaved: () => Promise<void>;
}) {
  const { model, link, onCancel, onSaved } = props;
  const { client } = useSession();
  const [now] = useState(() => settingsOf(link));
  const [settings, setSettings] = useState(now);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const opensUp = settings.mode === "collaborative" && link.mode === "read-only";
  const closes = settings.mode === "read-only" && link.mode === "collaborative";
  const save = async () => {
    const changed = {
      viewLimit: settings.viewLimit,
      // What stays as it is need not fit any more.
      expiry: settings.expiry === now.expiry ? DEFAULT_SETTINGS.expiry : settings.expiry,
    };
    const wrong = problemInLimits(changed);
    setProblem(wrong);
    if (wrong) return;
    setBusy(true);
    try {
      await client.editLink(model.room.chat, link.link, editOf(now, settings));
      toast("The link was changed, for everybody who has it.");
      await onSaved();
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
        if (!busy) void save();
      }}
    >
      <p class="hint long">
        <bdi>{nameOfLink(link)}</bdi>: the link stays the same; changes hold at once for everybody who has it.
      </p>
      <LabelField value={settings.label} onChange={(label) => setSettings({ ...settings, label })} />
      <ExpiryChoice expiry={settings.expiry} onChange={(expiry) => setSettings({ ...settings, expiry })} />
      <ViewLimitField value={settings.viewLimit} onChange={(viewLimit) => setSettings({ ...settings, viewLimit })} />
      <ModeChoice
        settings={{ ...DEFAULT_SETTINGS, mode: settings.mode }}
        onChange={({ mode }) => setSettings({ ...settings, mode })}
      />
      {opensUp && <BecomesVisible model={model} collaborative />}
      {closes && (
        <p class="sentence private">
          People who joined by this link can no longer write, and see only the shared part from now on.
        </p>
      )}
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
          {busy ? "Saving …" : "Save changes"}
        </button>
      </div>
    </form>
  );
}

interface EditSettings {
  readonly label: string;
  readonly expiry: Expiry;
  readonly viewLimit: string;
  readonly mode: OwnedLink["mode"];
}

function settingsOf({ label, expiresAt, viewLimit, mode }: OwnedLink): EditSettings {
  return {
    label: label ?? "",
    expiry: expiresAt === null ? { type: "never" } : { type: "date", local: localTime(expiresAt) },
    viewLimit: viewLimit === null ? "" : String(viewLimit),
    mode,
  };
}

/** Only what is different: the rest may have been changed elsewhere meanwhile. */
export function editOf(before: EditSettings, after: EditSettings): LinkEdit {
  const label = after.label.trim();
  return {
    ...(label === before.label ? {} : { label: label === "" ? null : label }),
    ...(after.expiry === before.expiry ? {} : { expiresAt: expiryTime(after.expiry, Date.now()) }),
    ...(after.viewLimit === before.viewLimit
      ? {}
      : { viewLimit: after.viewLimit.trim() === "" ? null : Number(after.viewLimit) }),
    ...(after.mode === before.mode ? {} : { mode: after.mode }),
  };
}
