import { useState } from "preact/hooks";
import { counted } from "../app/dates.ts";
import { Dialog } from "../app/dialog.tsx";
import { Icon } from "../app/icons.tsx";
import { sentenceOf } from "../app/problem.tsx";
import { useSession } from "../app/session.ts";
import { toast } from "../app/toasts.tsx";
import type { RoomModel } from "./room-model.ts";
import { excerpt } from "./speaker.ts";

/** Where the shared part ends, as the owner sees it. */
export function Boundary({ model }: { model: RoomModel }) {
  const [asking, setAsking] = useState(false);
  const unshared = model.unsharedCount.value;
  if (unshared === 0) {
    return (
      <div class="boundary calm">
        <span class="boundary-label">Shared up to here</span>
      </div>
    );
  }
  return (
    <div class="boundary">
      <span class="boundary-label">Shared up to here</span>
      <p class="hint">
        {model.together.value
          ? "Only those who write together see what follows; people with a link to read don’t."
          : "What follows is private until you update the shared chat."}
      </p>
      <button type="button" class="button small" onClick={() => setAsking(true)}>
        <Icon name="share" />
        Update shared chat ({unshared} new)
      </button>
      {asking && <UpdateDialog model={model} onClose={() => setAsking(false)} />}
    </div>
  );
}

/** More lines than that are told by their number. */
const LISTED = 8;

function UpdateDialog({ model, onClose }: { model: RoomModel; onClose: () => void }) {
  const { client } = useSession();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const unshared = model.unshared.value;
  const count = model.unsharedCount.value;
  const update = async () => {
    setBusy(true);
    setProblem(null);
    try {
      await client.updateShared(model.room.chat);
      toast(`Shared chat updated: ${counted(count, "message")} added.`);
      onClose();
    } catch (error) {
      setProblem(sentenceOf(error));
      setBusy(false);
    }
  };
  return (
    <Dialog title="Update shared chat" onClose={onClose} busy={busy}>
      <p>{counted(count, "message")} will be visible to everyone who has a link to this chat:</p>
      <ul class="adds">
        {unshared.slice(0, LISTED).map((message) => (
          <li key={message.id} dir="auto">
            {model.quoteOf(message, (text) => excerpt(text))}
          </li>
        ))}
        {count > LISTED && <li class="hint">and {count - LISTED} more</li>}
      </ul>
      <p class="hint">The links stay the same. This can’t be taken back for people who have read it.</p>
      {problem && (
        <p class="sentence bad" role="alert">
          {problem}
        </p>
      )}
      <div class="row end">
        <button type="button" class="button" disabled={busy} onClick={onClose}>
          Cancel
        </button>
        <button type="button" class="button primary" disabled={busy} onClick={() => void update()}>
          {busy ? "Updating …" : `Share ${counted(count, "message")}`}
        </button>
      </div>
    </Dialog>
  );
}
