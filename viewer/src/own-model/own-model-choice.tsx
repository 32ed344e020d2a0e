import { useState } from "preact/hooks";
import { Check } from "../app/check.tsx";
import { lazy } from "../app/lazy.tsx";
import type { AskChoice } from "../chat/ask-choice.ts";
import type { RoomModel } from "../chat/room-model.ts";

const OwnModelDialog = lazy(async () => (await import("./own-model-dialog.tsx")).OwnModelDialog);

/** Whether one's own model answers instead of the server's, and where it is. */
export function OwnModelChoice({ model, choice }: { model: RoomModel; choice: AskChoice }) {
  const [editing, setEditing] = useState(false);
  const settings = choice.ownSettings.value;
  return (
    <>
      {settings && choice.of.value === null && (
        <Check
          checked={choice.ownOn.value}
          onChange={(on) => {
            choice.ownOn.value = on;
          }}
        >
          My own model answers
        </Check>
      )}
      <button type="button" class="text-button" onClick={() => setEditing(true)}>
        {settings ? "Change…" : "Use your own model…"}
      </button>
      {editing && (
        <OwnModelDialog
          model={model}
          settings={settings}
          onClose={() => setEditing(false)}
          onChange={(next) => {
            choice.ownSettings.value = next;
            choice.ownOn.value = next !== null;
          }}
        />
      )}
    </>
  );
}
