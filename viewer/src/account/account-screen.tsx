import "./account.css";
import type { Account, AccountInfo, GoogleAttempt, ServiceInfo } from "@openmates-share/client";
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { Icon } from "../app/icons.tsx";
import { go } from "../app/navigation.ts";
import { Page } from "../app/page.tsx";
import { sentenceOf } from "../app/problem.tsx";
import { ProblemLine } from "../app/problem-line.tsx";
import type { GoogleReturn } from "../app/route.ts";
import { useSession } from "../app/session.ts";
import { signedIn } from "../app/signed-in.ts";
import { AddressesSection } from "./addresses-section.tsx";
import { startBackgroundSync } from "./background-sync.ts";
import { deviceName } from "./device-name.ts";
import { takeAttempt } from "./google-attempt.ts";
import { KeysSection } from "./keys-section.tsx";
import { LeaveSection } from "./leave-section.tsx";
import { SessionsSection } from "./sessions-section.tsx";
import { SignInSection } from "./sign-in-section.tsx";
import { SyncSection } from "./sync-section.tsx";

interface Loaded {
  readonly account: Account;
  readonly info: AccountInfo | null;
  readonly ways: ServiceInfo["signIn"];
}

/** Everything about the person: who one is, where, and how the keys follow. */
export function AccountScreen({ back }: { back: GoogleReturn | null }) {
  const { client } = useSession();
  const [loaded, setLoaded] = useState<Loaded | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  /** Where a sign-in with Google began that has just failed or was called off. */
  const [backTo, setBackTo] = useState<string | null>(null);
  const load = useCallback(async () => {
    try {
      const [account, { signIn: ways }] = await Promise.all([client.account(), client.service()]);
      const info = await account.info();
      signedIn.value = info?.signedIn ?? false;
      setLoaded({ account, ways, info });
    } catch (error) {
      setProblem(sentenceOf(error));
    }
  }, [client]);
  const entered = useCallback(async () => {
    setProblem(null);
    startBackgroundSync(client);
    await load();
  }, [client, load]);
  const begun = useRef(false);
  useEffect(() => {
    if (begun.current) return;
    begun.current = true;
    void (async () => {
      const kept = back && takeAttempt();
      setBackTo(kept?.backTo ?? null);
      if (back) {
        try {
          await finishGoogle(await client.account(), { ...back, attempt: kept?.attempt ?? NO_ATTEMPT });
          // It began where something was not found that may be there now.
          if (kept?.backTo && back.code !== null) return go(kept.backTo, { replace: true });
        } catch (error) {
          setProblem(sentenceOf(error));
        }
      }
      await load();
    })();
  }, [client, back, load]);
  return (
    <Page>
      <div class="page account">
        {loaded?.info?.signedIn ? (
          <SignedIn {...loaded} info={loaded.info} reload={load} />
        ) : loaded ? (
          <>
            {backTo !== null && (
              <p>
                <a class="button small" href={backTo}>
                  <Icon name="back" />
                  Back to what you were opening
                </a>
              </p>
            )}
            <SignInSection {...loaded} problem={problem} onDone={() => void entered()} />
            <KeysSection account={loaded.account} />
          </>
        ) : (
          <ProblemLine problem={problem} />
        )}
      </div>
    </Page>
  );
}

function SignedIn({ account, info, ways, reload }: Loaded & { info: AccountInfo; reload: () => Promise<void> }) {
  return (
    <>
      <header class="account-head">
        <h1>Your account</h1>
        <p>{info.identities[0]?.address}</p>
      </header>
      <SyncSection account={account} />
      <KeysSection account={account} />
      <AddressesSection account={account} info={info} mail={ways.email} onChanged={() => void reload()} />
      <SessionsSection account={account} />
      <LeaveSection account={account} info={info} onLeft={() => void reload()} />
    </>
  );
}

/** With what Google has sent back in the address, if this tab went there. */
async function finishGoogle(account: Account, back: GoogleReturn & { attempt: GoogleAttempt }): Promise<void> {
  const { state, code, attempt } = back;
  if (code === null) return;
  await account.finishGoogle({ state, code, attempt, device: deviceName(navigator.userAgent) });
}

/** Without an attempt of its own no state fits: the sentence says that it did not begin here. */
const NO_ATTEMPT: GoogleAttempt = { state: "", nonce: "", verifier: "", redirectUri: "" };
