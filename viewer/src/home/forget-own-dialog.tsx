import type { ChatId } from "@openmates-share/client";
import { useState } from "preact/hooks";
import { Dialog } from "../app/dialog.tsx";
import { sentenceOf } from "../app/problem.tsx";
import { useSession } from "../app/session.ts";

/** An owner who forgets a chat can never manage it again: the better choice is to delete it. */
export function ForgetOwnDialog(props: {
  chat: ChatId;
  title: string;
  onClose: () => void;
  onDone: (sentence: string) => void;
}) {
  const { chat, title, onClose, onDone } = props;
  const { client } = useSession();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const run = async (work: () => Promise<void>, sentence: string) => {
    setBusy(true);
    setProblem(null);
    try {
      await work();
      onDone(sentence);
    } catch (error) {
      setProblem(sentenceOf(error));
      setBusy(false);
    }
  };
  return (
    <Dialog title={`Remove “${title}”?`} onClose={onClose} busy={busy}>
      <p>You shared this chat, and this browser holds its keys.</p>
      <ul class="plain-list">
        <li>
          <b>Delete everywhere</b> erases it from the server. All its links stop working. What people have already read
          or copied can’t be taken back.
        </li>
        <li>
          <b>Forget here</b> drops this browser’s keys only. Its links go on working, and you can no longer change or
          revoke them.
        </li>
      </ul>
      {problem && (
        <p class="sentence bad" role="alert">
          {problem}
        </p>
      )}
      <div class="row end">
        <button type="button" class="button" disabled={busy} onClick={onClose}>
          Cancel
        </button>
        <button
          type="button"
          class="button"
          disabled={busy}
          onClick={() => void run(() => client.forget(chat), "The chat was forgotten in this browser.")}
        >
          Forget here
        </button>
        <button
          type="button"
          class="button danger"
          disabled={busy}
          onClick={() => void run(() => client.deleteChat(chat), "The chat was deleted everywhere.")}
        >
          Delete everywhere
        </button>
      </div>
    </Dialog>
  );
}
