import { useState } from "preact/hooks";
import { Icon } from "../app/icons.tsx";
import { lazy } from "../app/lazy.tsx";
import type { RoomModel } from "./room-model.ts";
import { useUnshared } from "./unshared.ts";

const UpdateDialog = lazy(async () => (await import("./update-dialog.tsx")).UpdateDialog);

/** Where the shared part ends, as the owner sees it. */
export function Boundary({ model }: { model: RoomModel }) {
  const [asking, setAsking] = useState(false);
  const unshared = model.unsharedCount.value;
  const planned = model.planned.value;
  const fresh = useUnshared(model, { fresh: true });
  const going = useUnshared(model, planned ? { through: planned.through } : {});
  if (unshared === 0) {
    return (
      <div class="boundary">
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
      {planned ? (
        <p class="hint">To be shared in a moment{going && `: ${going}`}.</p>
      ) : (
        <button type="button" class="button small" onClick={() => setAsking(true)}>
          <Icon name="share" />
          Update shared chat{fresh && ` (${fresh})`}
        </button>
      )}
      {asking && <UpdateDialog model={model} onClose={() => setAsking(false)} />}
    </div>
  );
}
