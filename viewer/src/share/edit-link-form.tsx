import type { LinkEdit, OwnedLink } from "@openmates-share/client";
import { useState } from "preact/hooks";
import { DialogForm } from "../app/dialog-form.tsx";
import { useSession } from "../app/session.ts";
import { toast } from "../app/toasts.tsx";
import { useTask } from "../app/use-task.ts";
import type { RoomModel } from "../chat/room-model.ts";
import { BecomesVisible } from "./becomes-visible.tsx";
import { type Expiry, expiryTime, localTime } from "./expiry.ts";
import { ExpiryChoice } from "./expiry-choice.tsx";
import { checkLimits, DEFAULT_SETTINGS, LabelField, ModeChoice, ViewLimitField } from "./link-settings.tsx";
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
  const task = useTask();
  const opensUp = settings.mode === "collaborative" && link.mode === "read-only";
  const closes = settings.mode === "read-only" && link.mode === "collaborative";
  const save = async () => {
    checkLimits({
      viewLimit: settings.viewLimit,
      // What stays as it is need not fit any more.
      expiry: settings.expiry === now.expiry ? DEFAULT_SETTINGS.expiry : settings.expiry,
    });
    await client.editLink(model.room.chat, link.link, editOf(now, settings));
    toast("The link was changed, for everybody who has it.");
    await onSaved();
  };
  return (
    <DialogForm task={task} onSubmit={save} submit="Save changes" working="Saving…" onCancel={onCancel}>
      <p class="hint long">
        <bdi>{nameOfLink(link)}</bdi>: the link stays the same; changes hold at once for everybody who has it.
      </p>
      <LabelField value={settings.label} onChange={(label) => setSettings({ ...settings, label })} />
      <ExpiryChoice expiry={settings.expiry} onChange={(expiry) => setSettings({ ...settings, expiry })} />
      <ViewLimitField value={settings.viewLimit} onChange={(viewLimit) => setSettings({ ...settings, viewLimit })} />
      <ModeChoice mode={settings.mode} onChange={(mode) => setSettings({ ...settings, mode })} />
      {opensUp && <BecomesVisible model={model} collaborative />}
      {closes && (
        <p class="sentence private">
          People who joined by this link can no longer write, and see only the shared part from now on.
        </p>
      )}
    </DialogForm>
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
function editOf(before: EditSettings, after: EditSettings): LinkEdit {
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
