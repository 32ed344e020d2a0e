import type { Account, SyncReport } from "@openmates-share/client";
import { useCallback, useState } from "preact/hooks";
import { confirmed } from "../app/confirm.tsx";
import { counted } from "../app/dates.ts";
import { ProblemLine } from "../app/problem-line.tsx";
import { toast } from "../app/toasts.tsx";
import { useLoaded } from "../app/use-loaded.ts";
import { type Task, useTask } from "../app/use-task.ts";
import { PassphraseForm } from "./passphrase-form.tsx";

/** Whether the keys follow the person, and everything that can be done about it. */
export function SyncSection({ account }: { account: Account }) {
  const { value: sync, problem, reload } = useLoaded(useCallback(() => account.sync.state(), [account]));
  const task = useTask();
  const parts = { account, task, reload };
  return (
    <section class="panel" aria-labelledby="sync-title">
      <h2 id="sync-title">Your chats on all your devices</h2>
      {sync?.state === "off" && <SyncOff {...parts} />}
      {sync?.state === "locked" && <SyncLocked {...parts} />}
      {sync?.state === "on" && <SyncOn {...parts} />}
      <ProblemLine problem={task.problem ?? problem} />
    </section>
  );
}

interface Parts {
  readonly account: Account;
  readonly task: Task;
  readonly reload: () => Promise<void>;
}

function SyncOff({ account, reload }: Parts) {
  const turnOn = async (passphrase: string) => {
    await account.sync.turnOn(passphrase);
    await reload();
  };
  return (
    <>
      <p>
        Sync is off: the keys of your chats are in this browser only.{" "}
        <b>
          If you clear its data or lose the device, you can no longer open, change or end what you shared, and nobody
          can restore it.
        </b>
      </p>
      <p>
        With sync, your keys are kept on the server too, locked with a passphrase that the server never learns. If you
        forget it, your devices keep what they have, but no new device can get your keys.
      </p>
      <PassphraseForm label="New passphrase" button="Turn on sync" working="Locking your keys…" fresh run={turnOn} />
    </>
  );
}

function SyncLocked({ account, task, reload }: Parts) {
  const join = async (passphrase: string) => {
    tell(await account.sync.join(passphrase));
    await reload();
  };
  return (
    <>
      <p>Your keys are synced. Enter your passphrase once to have your chats on this device.</p>
      <PassphraseForm label="Passphrase" button="Unlock" working="Unlocking…" fresh={false} run={join} />
      <details>
        <summary>I forgot the passphrase</summary>
        <p>
          Nobody can reset it. A device where sync is on can choose a new one. If you have none left, turn sync off:
          that erases the locked copy. Chats whose keys are on no device any more can’t be opened again.
        </p>
        <TurnOff account={account} task={task} reload={reload} />
      </details>
    </>
  );
}

function SyncOn({ account, task, reload }: Parts) {
  const [changing, setChanging] = useState(false);
  const now = () =>
    task.run(async () => {
      const report = await account.sync.sync();
      if (report) tell(report);
      await reload();
    });
  const change = async (passphrase: string) => {
    await account.sync.changePassphrase(passphrase);
    toast("The passphrase was changed. Your other devices will ask for it.");
    setChanging(false);
  };
  if (changing) {
    return (
      <PassphraseForm
        label="New passphrase"
        button="Change it"
        working="Locking your keys…"
        fresh
        run={change}
        onCancel={() => setChanging(false)}
      />
    );
  }
  return (
    <>
      <p>
        <span class="mark shared">Sync is on</span> What you share or open here is on your other devices too, once they
        have the passphrase. The server keeps your keys locked and can’t open them.
      </p>
      <div class="row">
        <button type="button" class="button" disabled={task.busy} onClick={now}>
          {task.busy ? "Working…" : "Sync now"}
        </button>
        <button type="button" class="button" disabled={task.busy} onClick={() => setChanging(true)}>
          Change passphrase
        </button>
        <TurnOff account={account} task={task} reload={reload} />
      </div>
    </>
  );
}

function TurnOff({ account, task, reload }: Parts) {
  const turnOff = () =>
    task.run(async () => {
      const yes = await confirmed({
        title: "Turn sync off?",
        text: "The locked copy on the server is erased. Every device keeps the keys it has; nothing new follows you any more.",
        yes: "Turn off",
        danger: true,
      });
      if (!yes) return;
      await account.sync.turnOff();
      await reload();
    });
  return (
    <button type="button" class="button" disabled={task.busy} onClick={turnOff}>
      Turn sync off
    </button>
  );
}

function tell({ conflicts }: SyncReport): void {
  if (conflicts.length === 0) toast("Your chats are the same on your devices now.");
  else
    toast(
      `${counted(conflicts.length, "chat")} left as they were: your devices hold different keys for the same chat.`,
    );
}
