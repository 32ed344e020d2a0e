import { counted } from "../app/dates.ts";
import { Dialog } from "../app/dialog.tsx";
import { DialogForm } from "../app/dialog-form.tsx";
import { writePreference } from "../app/preferences.ts";
import { useSession } from "../app/session.ts";
import { useTask } from "../app/use-task.ts";
import { Unshared } from "../share/becomes-visible.tsx";
import type { RoomModel } from "./room-model.ts";

/** What "Update shared chat" adds, before it does. */
export function UpdateDialog({ model, onClose }: { model: RoomModel; onClose: () => void }) {
  const { client } = useSession();
  const task = useTask();
  const count = model.unsharedCount.value;
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
        submit={`Share ${counted(count, "message")}`}
        working="Checking …"
        ready={count > 0}
        onCancel={onClose}
      >
        <p>{counted(count, "message")} will be visible to everyone who has a link to this chat:</p>
        <Unshared model={model} />
        <p class="hint">
          The links stay the same. You have ten seconds to undo it; after that it can’t be taken back for people who
          have read it.
        </p>
      </DialogForm>
    </Dialog>
  );
}
