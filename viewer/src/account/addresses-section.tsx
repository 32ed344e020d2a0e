import type { Account, AccountInfo } from "@openmates-share/client";
import { useState } from "preact/hooks";
import { confirmed } from "../app/confirm.tsx";
import { IconButton } from "../app/icon-button.tsx";
import { ProblemLine } from "../app/problem-line.tsx";
import { toast } from "../app/toasts.tsx";
import { useTask } from "../app/use-task.ts";
import { AddressForm, CodeForm, type Sent } from "./code-form.tsx";

type Identity = AccountInfo["identities"][number];

/** The ways this person can sign in, and changing them. */
export function AddressesSection(props: { account: Account; info: AccountInfo; mail: boolean; onChanged: () => void }) {
  const { account, info, mail, onChanged } = props;
  const [changing, setChanging] = useState<Identity | "add" | null>(null);
  const task = useTask();
  const remove = (identity: Identity) =>
    task.run(async () => {
      const yes = await confirmed({
        title: "Remove this way to sign in?",
        text: `You can no longer sign in with ${nameOf(identity)}. Your account and your chats stay.`,
        yes: "Remove",
        danger: true,
      });
      if (!yes) return;
      await account.removeIdentity(identity.id);
      onChanged();
    });
  const done = () => {
    setChanging(null);
    toast("The address was changed.");
    onChanged();
  };
  return (
    <section class="panel" aria-labelledby="addresses-title">
      <h2 id="addresses-title">How you sign in</h2>
      <ul class="rows">
        {info.identities.map((identity) => (
          <li key={identity.id}>
            <span class="row-text">
              <b>{identity.address}</b>
              <span class="hint">{identity.kind === "google" ? "Google account" : "Code by e-mail"}</span>
            </span>
            {mail && identity.kind === "email" && (
              <button type="button" class="button small" onClick={() => setChanging(identity)}>
                Change<span class="unseen"> {identity.address}</span>
              </button>
            )}
            {info.identities.length > 1 && (
              <IconButton
                icon="trash"
                label={`Remove ${nameOf(identity)}`}
                disabled={task.busy}
                onClick={() => remove(identity)}
              />
            )}
          </li>
        ))}
      </ul>
      <ProblemLine problem={task.problem} />
      {changing ? (
        <ChangeAddress account={account} replaces={changing === "add" ? null : changing} onDone={done} />
      ) : (
        mail && (
          <div class="row">
            <button type="button" class="button" onClick={() => setChanging("add")}>
              Add an address
            </button>
          </div>
        )
      )}
    </section>
  );
}

/** The new address is proved by a code before anything changes. */
function ChangeAddress(props: { account: Account; replaces: Identity | null; onDone: () => void }) {
  const { account, replaces, onDone } = props;
  const [sent, setSent] = useState<Sent | null>(null);
  const send = (email: string) => account.askAddressCode(email);
  const label = replaces ? `New address in place of ${replaces.address}` : "Another address";
  if (!sent) return <AddressForm label={label} button="Send a code there" send={send} onSent={setSent} />;
  const { email, request } = sent;
  const redeem = async (code: string) => {
    await account.addAddress({ email, request, code, replaces: replaces?.id ?? null });
    onDone();
  };
  const back = () => setSent(null);
  return <CodeForm sent={sent} button="Confirm" send={send} onSent={setSent} redeem={redeem} onBack={back} />;
}

function nameOf({ kind, address }: Identity): string {
  return kind === "google" ? `Google as ${address}` : address;
}
