import type { MessageId } from "@openmates-share/client";
import { useCallback, useRef, useState } from "preact/hooks";
import { Icon } from "../app/icons.tsx";
import { lazy } from "../app/lazy.tsx";
import { useAnchored } from "../app/use-anchored.ts";
import type { RoomModel } from "../chat/room-model.ts";
import { useMoveFocus } from "./move-focus.ts";
import { hasReacted, QUICK, reactingTo, toggleReaction } from "./reacting.ts";
import "../styles/reactions.css";

const EmojiPicker = lazy(async () => (await import("./emoji-picker.tsx")).EmojiPicker);

/** One for all messages: six emoji, and the way to the others. */
export function ReactionMenu({ model }: { model: RoomModel }) {
  const now = reactingTo.value;
  return now && <OpenReactionMenu key={now.id} model={model} id={now.id} anchor={now.anchor} />;
}

function OpenReactionMenu({ model, id, anchor }: { model: RoomModel; id: MessageId; anchor: HTMLElement }) {
  const menu = useRef<HTMLDivElement>(null);
  const quick = useRef<HTMLDivElement>(null);
  useMoveFocus(quick);
  const [picking, setPicking] = useState(false);
  const onClose = useCallback(() => {
    reactingTo.value = null;
  }, []);
  useAnchored(menu, { anchor, onClose });
  const choose = (emoji: string) => {
    menu.current?.hidePopover();
    toggleReaction(model, { id, emoji });
  };
  return (
    <div ref={menu} class="reaction-menu" popover="auto" role="dialog" aria-label="React">
      <div ref={quick} class="quick-reactions">
        {QUICK.map((emoji) => (
          <button
            key={emoji}
            type="button"
            class="emoji-button emoji"
            aria-pressed={hasReacted(model, { id, emoji })}
            onClick={() => choose(emoji)}
          >
            {emoji}
          </button>
        ))}
        <button
          type="button"
          class="emoji-button"
          aria-label="More emoji"
          title="More emoji"
          aria-expanded={picking}
          onClick={() => setPicking(!picking)}
        >
          <Icon name="plus" />
        </button>
      </div>
      {picking && <EmojiPicker onChoose={choose} />}
    </div>
  );
}
