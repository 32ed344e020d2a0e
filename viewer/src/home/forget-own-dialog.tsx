import type { ChatId } from "@openmates-share/client";
import { Dialog, DialogFoot } from "../app/dialog.tsx";
import { useSession } from "../app/session.ts";
import { useTask } from "../app/use-task.ts";

/** An owner who forgets a chat can never manage it again: the better choice is to delete it. */
export function ForgetOwnDialog(props: {
  chat: ChatId;
  title: string;
  onClose: () => void;
  onDone: (sentence: string) => void;
}) {
  const { chat, title, onClose, onDone } = props;
  const { client } = useSession();
  const { busy, problem, run } = useTask();
  const forget = async () => {
    await client.forget(chat);
    onDone("The chat was forgotten in this browser.");
  };
  const erase = async () => {
    await client.deleteChat(chat);
    onDone("The chat was deleted everywhere.");
  };
  return (
    <Dialog title={`Remove “${title}”?`} onClose={onClose} busy={busy}>
      <p>You shared this chat, and this browser holds its keys.</p>
      <ul class="bullets">
        <li>
          <b>Delete everywhere</b> erases it from the server. All its links stop working. What people have already read
          or copied can’t be taken back.
        </li>
        <li>
          <b>Forget here</b> drops this browser’s keys only. Its links go on working, and you can no longer change or
          revoke them.
        </li>
      </ul>
      <DialogFoot problem={problem}>
        <button type="button" class="button" disabled={busy} onClick={onClose}>
          Cancel
        </button>
        <button type="button" class="button" disabled={busy} onClick={() => run(forget)}>
          Forget here
        </button>
        <button type="button" class="button danger" disabled={busy} onClick={() => run(erase)}>
          Delete everywhere
        </button>
      </DialogFoot>
    </Dialog>
  );
}
