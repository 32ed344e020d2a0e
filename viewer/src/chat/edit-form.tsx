import { asksMate, MATE_NAME, mentionsMate, type RoomMessage } from "@openmates-share/client";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { saveEdit } from "./amend.ts";
import type { RoomModel } from "./room-model.ts";
import { wordsOf } from "./words-of.ts";
import "../styles/group.css";

/** On a touch keyboard, Enter is how one gets a new line. */
const TOUCH = matchMedia("(pointer: coarse)");

/** To the composer one came from, or to the message; what opened the menu went with it. */
function giveFocusBack(before: Element | null, id: string): void {
  requestAnimationFrame(() => {
    if (document.activeElement !== document.body) return;
    const place = before instanceof HTMLTextAreaElement ? before : document.getElementById(`message-${id}`);
    place?.focus({ preventScroll: true });
  });
}

/** Other words for a message, in its place. */
export function EditForm({ message, model }: { message: RoomMessage; model: RoomModel }) {
  const [text, setText] = useState(() => wordsOf(message));
  const area = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    const { current } = area;
    const before = document.activeElement;
    current?.focus();
    current?.setSelectionRange(current.value.length, current.value.length);
    return () => giveFocusBack(before, message.id);
  }, [message.id]);
  const silent = useMemo(
    () => mentionsMate(text) && !mentionsMate(wordsOf(message)) && !asksMate({ text, origin: "edited" }),
    [text, message],
  );
  const cancel = () => {
    model.editing.value = null;
  };
  const save = () => {
    const words = text.trim();
    if (words !== "") void saveEdit(message, { model, text: words });
  };
  return (
    <form
      class="edit-form"
      aria-label="Edit message"
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <textarea
        ref={area}
        rows={1}
        dir="auto"
        aria-label="Edited message"
        value={text}
        onInput={({ currentTarget }) => setText(currentTarget.value)}
        onKeyDown={(event) => {
          if (event.isComposing) return;
          if (event.key === "Escape") {
            event.preventDefault();
            event.stopPropagation();
            cancel();
          } else if (event.key === "Enter" && !event.shiftKey && !TOUCH.matches) {
            event.preventDefault();
            save();
          }
        }}
      />
      {silent && (
        <p class="hint" role="status">
          An edit asks nobody. To ask {MATE_NAME}, write a new message.
        </p>
      )}
      <div class="row end">
        <span class="hint keys-hint">Esc to cancel, Enter to save</span>
        <button type="button" class="button small" onClick={cancel}>
          Cancel
        </button>
        <button type="submit" class="button primary small" disabled={text.trim() === ""}>
          Save
        </button>
      </div>
    </form>
  );
}
