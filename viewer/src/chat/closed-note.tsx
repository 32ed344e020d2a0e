import { Icon } from "../app/icons.tsx";
import { useSession } from "../app/session.ts";
import { useTask } from "../app/use-task.ts";
import type { RoomModel } from "./room-model.ts";

/** Stands where members would write while the owner has closed the chat, and reminds the owner of it. */
export function ClosedNote({ model }: { model: RoomModel }) {
  if (model.role !== "owner") {
    return (
      <p class="closed-note" role="status">
        <Icon name="lock" /> The owner has closed this chat to writing. You can still read it.
      </p>
    );
  }
  return (
    <p class="closed-note" role="status">
      <Icon name="lock" /> Closed to writing: only you can write here. <OpenAgain model={model} />
    </p>
  );
}

function OpenAgain({ model }: { model: RoomModel }) {
  const { client } = useSession();
  const { busy, run } = useTask({ says: "toast" });
  const open = () => run(() => client.setClosed(model.room.chat, false));
  return (
    <button type="button" class="text-button" disabled={busy} onClick={open}>
      {busy ? "Opening…" : "Let everyone write again"}
    </button>
  );
}
