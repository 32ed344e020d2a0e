import type { Reaction } from "@openmates-share/client";
import { Dialog } from "../app/dialog.tsx";
import type { RoomModel } from "../chat/room-model.ts";

/** Who put which emoji to a message: where there is no pointer to rest on one, this is the way to know. */
export function ReactedDialog(props: { reactions: readonly Reaction[]; model: RoomModel; onClose: () => void }) {
  const { reactions, model, onClose } = props;
  return (
    <Dialog title="Reactions" onClose={onClose}>
      <ul class="reacted">
        {reactions.map(({ emoji, senders }) => (
          <li key={emoji}>
            <span class="emoji">{emoji}</span>
            <ul>
              {senders.map((sender) => (
                <li key={sender} dir="auto">
                  {model.nameOf(sender)}
                  {sender === model.me && <span class="hint"> (you)</span>}
                </li>
              ))}
            </ul>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
