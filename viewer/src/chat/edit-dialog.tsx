import { messageText, type RoomMessage } from "@openmates-share/client";
import { useState } from "preact/hooks";
import { Dialog } from "../app/dialog.tsx";
import { sentenceOf } from "../app/problem.tsx";
import type { RoomModel } from "./room-model.ts";

/** Says something else in the place of an own message. */
export function EditDialog({ model, message }: { model: RoomModel; message: RoomMessage }) {
  const [text, setText] = useState(() => writtenIn(message));
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const close = () => {
    model.editing.value = null;
  };
  const save = async () => {
    setBusy(true);
    setProblem(null);
    try {
      await model.room.edit(message.id, text);
      close();
    } catch (error) {
      setProblem(sentenceOf(error));
      setBusy(false);
    }
  };
  const shared = model.role === "owner" && message.seq <= model.sharedThrough.value;
  return (
    <Dialog title="Edit message" onClose={close} busy={busy}>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (!busy && text.trim() !== "") void save();
        }}
      >
        <textarea
          class="input"
          aria-label="Text of the message"
          rows={6}
          dir="auto"
          value={text}
          onInput={({ currentTarget }) => setText(currentTarget.value)}
        />
        <p class="hint">
          It is marked as edited.
          {shared && " People with a link to read see the new text once you update the shared chat."}
        </p>
        {problem && (
          <p class="sentence bad" role="alert">
            {problem}
          </p>
        )}
        <div class="row end">
          <button type="button" class="button" disabled={busy} onClick={close}>
            Cancel
          </button>
          <button type="submit" class="button primary" disabled={busy || text.trim() === ""}>
            {busy ? "Saving …" : "Save"}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

/** Without what was attached, which stays. */
function writtenIn({ body }: RoomMessage): string {
  if (body.type !== "content" || body.content.type !== "message") return "";
  return messageText({ parts: body.content.parts.filter(({ type }) => type !== "image" && type !== "file") });
}
