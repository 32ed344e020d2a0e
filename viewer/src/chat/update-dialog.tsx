import { Dialog } from "../app/dialog.tsx";
import { DialogForm } from "../app/dialog-form.tsx";
import { writePreference } from "../app/preferences.ts";
import { useSession } from "../app/session.ts";
import { useTask } from "../app/use-task.ts";
import { Unshared } from "../share/becomes-visible.tsx";
import type { RoomModel } from "./room-model.ts";
import { useUnshared } from "./unshared.ts";

/** What "Update shared chat" adds, before it does. */
export function UpdateDialog({ model, onClose }: { model: RoomModel; onClose: () => void }) {
  const { client } = useSession();
  const task = useTask();
  const words = useUnshared(model);
  const update = async () => {
    // So that it goes out at the next start, too, whatever is opened then.
    writePreference("update", "planned");
    model.planned.value = await client.planUpdate(model.room.chat);
    onClose();
  };
  return (
    <Dialog title="Update shared chat" onClose={onClose} busy={task.busy}>
      <DialogForm
        task={task}
        onSubmit={update}
        submit={`Share ${words ?? "it"}`}
        working="Checking…"
        ready={model.unsharedCount.value > 0}
        onCancel={onClose}
      >
        <p>Everyone who has a link to this chat will see what is new in it{words && ` (${words})`}:</p>
        <Unshared model={model} />
        <p class="hint">
          The links stay the same. You have ten seconds to undo it; after that it can’t be taken back for people who
          have read it.
        </p>
      </DialogForm>
    </Dialog>
  );
}
