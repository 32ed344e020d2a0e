import { confirmed } from "../app/confirm.tsx";
import { useSession } from "../app/session.ts";
import { toast } from "../app/toasts.tsx";
import { useTask } from "../app/use-task.ts";
import type { RoomModel } from "../chat/room-model.ts";
import type { Access } from "./links-view.ts";

/** Ends all that others have of a chat, in one step. */
export function StopSharing({
  model,
  access,
  reload,
}: {
  model: RoomModel;
  access: Access;
  reload: () => Promise<void>;
}) {
  const { client } = useSession();
  const { busy, run } = useTask({ says: "toast" });
  const stop = async () => {
    const { links, people } = access;
    const ended = links.length === 1 ? "Its link ends" : `Its ${links.length} links end`;
    const removed =
      people.length === 0
        ? ""
        : people.length === 1
          ? " One person is removed."
          : ` ${people.length} people are removed.`;
    const yes = await confirmed({
      title: "Stop sharing this chat?",
      text: `${ended} at once, for good, and the card’s title and summary are erased from the server.${removed} The chat stays yours alone. What people have already read or copied can’t be taken back.`,
      yes: "Stop sharing",
      danger: true,
    });
    if (!yes) return;
    run(async () => {
      await client.unshare(model.room.chat);
      toast("This chat is not shared any more. Only you can see it.");
      await reload();
    });
  };
  return (
    <div class="row between stop-sharing">
      <p class="hint">Ends every link, removes everybody and erases the card.</p>
      <button type="button" class="button small danger-quiet" disabled={busy} onClick={() => void stop()}>
        {busy ? "Stopping…" : "Stop sharing"}
      </button>
    </div>
  );
}
