import { useSession } from "../app/session.ts";
import { toast } from "../app/toasts.tsx";
import { useTask } from "../app/use-task.ts";
import type { RoomModel } from "../chat/room-model.ts";

/** An offer of one's own that nobody has accepted yet. */
export function OfferedSection({ model }: { model: RoomModel }) {
  const { client } = useSession();
  const { offeredTo } = model.state.value;
  const { busy, run } = useTask({ says: "toast" });
  if (offeredTo === null) return null;
  const withdraw = async () => {
    await (await client.handingOver()).withdraw(model.room.chat);
    toast("The offer is withdrawn. The chat stays yours.");
  };
  return (
    <div class="sentence row between" role="status">
      <p>
        You have offered this chat to <b dir="auto">{model.nameOf(offeredTo)}</b>. It is yours until they accept.
      </p>
      <button type="button" class="button small" disabled={busy} onClick={() => run(withdraw)}>
        {busy ? "Withdrawing…" : "Withdraw the offer"}
      </button>
    </div>
  );
}
