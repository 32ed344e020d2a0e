import type { Reaction, RoomMessage } from "@openmates-share/client";
import { Icon } from "../app/icons.tsx";
import type { RoomModel } from "../chat/room-model.ts";
import { ReactedDialog } from "./reacted-dialog.tsx";
import { mayReact, namesOf, startReacting, toggleReaction } from "./reacting.ts";
import "../styles/reactions.css";

/** What people said to a message without words. */
export function Reactions({ message, model }: { message: RoomMessage; model: RoomModel }) {
  const reactions = model.reactions.value.of(message.seq);
  const writes = mayReact(model);
  const close = () => {
    model.listing.value = null;
  };
  return (
    <>
      <ul class="reactions" aria-label="Reactions">
        {reactions.map((reaction) => (
          <li key={reaction.emoji}>
            <ReactionChip
              reaction={reaction}
              who={namesOf(reaction.senders, model)}
              onPress={writes ? () => press(model, message, reaction) : null}
            />
          </li>
        ))}
        {writes && (
          <li>
            <button
              type="button"
              class="reaction add"
              aria-label="Add a reaction"
              title="Add a reaction"
              onClick={({ currentTarget }) => startReacting(message.id, currentTarget)}
            >
              <Icon name="smile" />
            </button>
          </li>
        )}
      </ul>
      {model.listing.value === message.id && <ReactedDialog reactions={reactions} model={model} onClose={close} />}
    </>
  );
}

/** For who only reads it is no button. */
function ReactionChip(props: { reaction: Reaction; who: string; onPress: (() => void) | null }) {
  const { reaction, who, onPress } = props;
  const { emoji, senders, mine } = reaction;
  const inside = (
    <>
      <span class="emoji">{emoji}</span>
      {senders.length.toLocaleString()}
    </>
  );
  const label = `${emoji} ${senders.length}: ${who}`;
  if (!onPress) {
    return (
      <span class="reaction" role="img" aria-label={label} title={who}>
        {inside}
      </span>
    );
  }
  return (
    <button type="button" class="reaction" aria-pressed={mine} aria-label={label} title={who} onClick={onPress}>
      {inside}
    </button>
  );
}

function press(model: RoomModel, { id }: RoomMessage, { emoji, mine, senders }: Reaction): void {
  toggleReaction(model, { id, emoji });
  // The last one goes with its button: the focus stays at the message.
  if (mine && senders.length === 1) document.getElementById(`message-${id}`)?.focus({ preventScroll: true });
}
