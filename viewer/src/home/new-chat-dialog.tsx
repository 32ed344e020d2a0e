import { LIMITS } from "@openmates-share/client";
import { useState } from "preact/hooks";
import { Dialog } from "../app/dialog.tsx";
import { DialogForm } from "../app/dialog-form.tsx";
import { go } from "../app/navigation.ts";
import { chatFragment } from "../app/route.ts";
import { useSession } from "../app/session.ts";
import { TextField } from "../app/text-field.tsx";
import { useTask } from "../app/use-task.ts";

/** Begins an empty chat of one's own, and goes there. */
export function NewChatDialog({ onClose }: { onClose: () => void }) {
  const { client } = useSession();
  const [title, setTitle] = useState("");
  const task = useTask();
  const start = async () => {
    const chat = await client.startChat({ title: title.trim() || "New chat" });
    onClose();
    go(chatFragment(chat));
  };
  return (
    <Dialog title="New chat" onClose={onClose} busy={task.busy}>
      <DialogForm task={task} onSubmit={start} submit="Start" onCancel={onClose}>
        <TextField
          label="Title"
          maxLength={LIMITS.title}
          placeholder="New chat"
          value={title}
          disabled={task.busy}
          takesFocus
          onInput={setTitle}
          hint="Encrypted like the messages. Nobody but you sees the chat until you make a link for it."
        />
      </DialogForm>
    </Dialog>
  );
}
