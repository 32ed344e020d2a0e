import type { Account, AccountInfo } from "@openmates-share/client";
import { useState } from "preact/hooks";
import { Check } from "../app/check.tsx";
import { counted } from "../app/dates.ts";
import { Dialog } from "../app/dialog.tsx";
import { DialogForm } from "../app/dialog-form.tsx";
import { toast } from "../app/toasts.tsx";
import { useTask } from "../app/use-task.ts";

interface Props {
  readonly account: Account;
  readonly info: AccountInfo;
  readonly onLeft: () => void;
}

/** Signing out, and deleting the account: what happens is said first. */
export function LeaveSection(props: Props) {
  const [asking, setAsking] = useState<"sign-out" | "delete" | null>(null);
  const close = () => setAsking(null);
  return (
    <section class="panel" aria-labelledby="leave-title">
      <h2 id="leave-title">Leave</h2>
      <div class="row">
        <button type="button" class="button" onClick={() => setAsking("sign-out")}>
          Sign out
        </button>
        <button type="button" class="button danger-quiet" onClick={() => setAsking("delete")}>
          Delete account
        </button>
      </div>
      {asking === "sign-out" && <SignOutDialog {...props} onClose={close} />}
      {asking === "delete" && <DeleteDialog {...props} onClose={close} />}
    </section>
  );
}

function SignOutDialog({ account, onLeft, onClose }: Props & { onClose: () => void }) {
  const [forget, setForget] = useState(false);
  const [everywhere, setEverywhere] = useState(false);
  const task = useTask();
  const leave = async () => {
    await account.signOut({ forget, everywhere });
    toast("You are signed out.");
    onLeft();
  };
  return (
    <Dialog title="Sign out" onClose={onClose} busy={task.busy}>
      <DialogForm task={task} onSubmit={leave} submit="Sign out" onCancel={onClose}>
        <p>Chats you own can be managed again when you sign in.</p>
        <Check checked={everywhere} onChange={setEverywhere}>
          On all my devices
        </Check>
        <Check checked={forget} onChange={setForget}>
          Also remove all chats and their keys from this browser. What isn’t synced or exported is lost.
        </Check>
      </DialogForm>
    </Dialog>
  );
}

function DeleteDialog({ account, info, onLeft, onClose }: Props & { onClose: () => void }) {
  const [sure, setSure] = useState(false);
  const task = useTask();
  const erase = async () => {
    await account.erase();
    toast("Your account was deleted.");
    onLeft();
  };
  return (
    <Dialog title="Delete your account?" onClose={onClose} busy={task.busy}>
      <DialogForm task={task} onSubmit={erase} submit="Delete everything" danger ready={sure} onCancel={onClose}>
        <ul class="bullets">
          {info.chats > 0 && (
            <li>
              <b>{counted(info.chats, "chat")}</b> of yours, with all links and files: erased from the server. What
              people have read or copied can’t be taken back.
            </li>
          )}
          {info.memberships > 0 && (
            <li>
              <b>{counted(info.memberships, "group chat")}</b> of others: you leave. Your messages there stay; files
              that you added are erased.
            </li>
          )}
          <li>Your addresses, sessions and synced keys are erased, and this browser forgets all chats.</li>
        </ul>
        <Check checked={sure} onChange={setSure}>
          I understand that this can’t be undone.
        </Check>
      </DialogForm>
    </Dialog>
  );
}
