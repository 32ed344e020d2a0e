import { useState } from "preact/hooks";
import { Dialog } from "../app/dialog.tsx";
import { go } from "../app/navigation.ts";
import { sentenceOf } from "../app/problem.tsx";
import { chatFragment } from "../app/route.ts";
import { useSession } from "../app/session.ts";

/** Begins an empty chat of one's own, and goes there. */
export function NewChatDialog({ onClose }: { onClose: () => void }) {
  const { client } = useSession();
  const [title, setTitle] = useState("");
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const start = async () => {
    setBusy(true);
    setProblem(null);
    try {
      const chat = await client.startChat({ title: title.trim() || "New chat" });
      onClose();
      go(chatFragment(chat));
    } catch (error) {
      setProblem(sentenceOf(error));
      setBusy(false);
    }
  };
  return (
    <Dialog title="New chat" onClose={onClose} busy={busy}>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void start();
        }}
      >
        <div class="field">
          <label for="new-chat-title">Title</label>
          <input
            id="new-chat-title"
            class="input"
            dir="auto"
            autoComplete="off"
            maxLength={300}
            placeholder="New chat"
            value={title}
            disabled={busy}
            ref={focusOnce}
            onInput={({ currentTarget }) => setTitle(currentTarget.value)}
          />
          <p class="hint">Encrypted like the messages. Nobody but you sees the chat until you make a link for it.</p>
        </div>
        {problem && (
          <p class="sentence bad" role="alert">
            {problem}
          </p>
        )}
        <div class="row end">
          <button type="button" class="button" disabled={busy} onClick={onClose}>
            Cancel
          </button>
          <button type="submit" class="button primary" disabled={busy}>
            Start
          </button>
        </div>
      </form>
    </Dialog>
  );
}

function focusOnce(element: HTMLInputElement | null): void {
  element?.focus();
}
