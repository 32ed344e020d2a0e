import type { Account, AccountInfo } from "@openmates-share/client";
import { useState } from "preact/hooks";
import { counted } from "../app/dates.ts";
import { Dialog } from "../app/dialog.tsx";
import { toast } from "../app/toasts.tsx";
import { ProblemLine } from "./problem-line.tsx";
import { useTask } from "./use-task.ts";

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
        <button type="button" class="button danger" onClick={() => setAsking("delete")}>
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
  const leave = () =>
    task.run(async () => {
      await account.signOut({ forget, everywhere });
      toast("You are signed out.");
      onLeft();
    });
  return (
    <Dialog title="Sign out" onClose={onClose} busy={task.busy}>
      <p>Chats you own can be managed again when you sign in.</p>
      <label class="check">
        <input type="checkbox" checked={everywhere} onChange={() => setEverywhere(!everywhere)} />
        On all my devices
      </label>
      <label class="check">
        <input type="checkbox" checked={forget} onChange={() => setForget(!forget)} />
        Also remove all chats and their keys from this browser. What isn’t synced or exported is lost.
      </label>
      <ProblemLine task={task} />
      <div class="row end">
        <button type="button" class="button" disabled={task.busy} onClick={onClose}>
          Cancel
        </button>
        <button type="button" class="button primary" disabled={task.busy} onClick={() => void leave()}>
          Sign out
        </button>
      </div>
    </Dialog>
  );
}

function DeleteDialog({ account, info, onLeft, onClose }: Props & { onClose: () => void }) {
  const [sure, setSure] = useState(false);
  const task = useTask();
  const erase = () =>
    task.run(async () => {
      await account.erase();
      toast("Your account was deleted.");
      onLeft();
    });
  return (
    <Dialog title="Delete your account?" onClose={onClose} busy={task.busy}>
      <ul class="plain-list">
        {info.chats > 0 && (
          <li>
            <b>{counted(info.chats, "chat")}</b> of yours, with all links and files: erased from the server. What people
            have read or copied can’t be taken back.
          </li>
        )}
        {info.memberships > 0 && (
          <li>
            <b>{counted(info.memberships, "group chat")}</b> of others: you leave. Your messages there stay; files that
            you added are erased.
          </li>
        )}
        <li>Your addresses, sessions and synced keys are erased, and this browser forgets all chats.</li>
      </ul>
      <label class="check">
        <input type="checkbox" checked={sure} onChange={() => setSure(!sure)} />I understand that this can’t be undone.
      </label>
      <ProblemLine task={task} />
      <div class="row end">
        <button type="button" class="button" disabled={task.busy} onClick={onClose}>
          Cancel
        </button>
        <button type="button" class="button danger" disabled={task.busy || !sure} onClick={() => void erase()}>
          Delete everything
        </button>
      </div>
    </Dialog>
  );
}
