import { useState } from "preact/hooks";
import { counted } from "../app/dates.ts";
import { Dialog } from "../app/dialog.tsx";
import { writePreference } from "../app/preferences.ts";
import { sentenceOf } from "../app/problem.tsx";
import { useSession } from "../app/session.ts";
import { Unshared } from "../share/becomes-visible.tsx";
import type { RoomModel } from "./room-model.ts";

/** What "Update shared chat" adds, before it does. */
export function UpdateDialog({ model, onClose }: { model: RoomModel; onClose: () => void }) {
  const { client } = useSession();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const count = model.unsharedCount.value;
  const update = async () => {
    setBusy(true);
    setProblem(null);
    try {
      // So that it goes out at the next start, too, whatever is opened then.
      writePreference("update", "planned");
      model.planned.value = await client.planUpdate(model.room.chat);
      onClose();
    } catch (error) {
      setProblem(sentenceOf(error));
      setBusy(false);
    }
  };
  return (
    <Dialog title="Update shared chat" onClose={onClose} busy={busy}>
      <p>{counted(count, "message")} will be visible to everyone who has a link to this chat:</p>
      <Unshared model={model} />
      <p class="hint">
        The links stay the same. You have ten seconds to undo it; after that it can’t be taken back for people who have
        read it.
      </p>
      {problem && (
        <p class="sentence bad" role="alert">
          {problem}
        </p>
      )}
      <div class="row end">
        <button type="button" class="button" disabled={busy} onClick={onClose}>
          Cancel
        </button>
        <button type="button" class="button primary" disabled={busy || count === 0} onClick={() => void update()}>
          {busy ? "Checking …" : `Share ${counted(count, "message")}`}
        </button>
      </div>
    </Dialog>
  );
}
