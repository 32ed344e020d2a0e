import { useState } from "preact/hooks";
import { Icon } from "../app/icons.tsx";
import { lazy } from "../app/lazy.tsx";
import type { RoomModel } from "./room-model.ts";
import { useUnshared } from "./unshared.ts";

const UpdateDialog = lazy(async () => (await import("./update-dialog.tsx")).UpdateDialog);

/** Where the shared part ends, as the owner sees it. */
export function Boundary({ model }: { model: RoomModel }) {
  if (model.opens.value?.size === 0) {
    return (
      <div class="boundary">
        <span class="boundary-label nobody">No link opens this chat: only those in it see it</span>
      </div>
    );
  }
  return (
    <div class="boundary">
      <span class="boundary-label">Shared up to here</span>
      {model.unsharedCount.value > 0 && <Beyond model={model} />}
    </div>
  );
}

function Beyond({ model }: { model: RoomModel }) {
  const [asking, setAsking] = useState(false);
  const planned = model.planned.value;
  const fresh = useUnshared(model, { fresh: true });
  const going = useUnshared(model, planned ? { through: planned.through } : {});
  return (
    <>
      <p class="hint">{whoSees(model)}</p>
      {planned ? (
        <p class="hint">To be shared in a moment{going && `: ${going}`}.</p>
      ) : (
        <button type="button" class="button small" onClick={() => setAsking(true)}>
          <Icon name="share" />
          Update shared chat{fresh && ` (${fresh})`}
        </button>
      )}
      {asking && <UpdateDialog model={model} onClose={() => setAsking(false)} />}
    </>
  );
}

function whoSees({ opens, together }: RoomModel): string {
  if (opens.value?.has("read-only") === false)
    return "All who write together see what follows; people with a link to read would not, if you made one.";
  return together.value
    ? "Only those who write together see what follows; people with a link to read don’t."
    : "What follows is private until you update the shared chat.";
}
