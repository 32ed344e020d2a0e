import "./account.css";
import type { Account, AccountInfo, ServiceInfo } from "@openmates-share/client";
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { Page } from "../app/page.tsx";
import { sentenceOf } from "../app/problem.tsx";
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
      if (back)
        await finishGoogle(await client.account(), back).catch((error: unknown) => setProblem(sentenceOf(error)));
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
            <SignInSection {...loaded} problem={problem} onDone={() => void entered()} />
            <KeysSection account={loaded.account} />
          </>
        ) : (
          problem && <p class="sentence bad">{problem}</p>
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
async function finishGoogle(account: Account, { state, code }: GoogleReturn): Promise<void> {
  const attempt = takeAttempt();
  if (code === null) return;
  // Without an attempt of its own no state fits: the sentence says that it did not begin here.
  const nothing = { state: "", nonce: "", verifier: "", redirectUri: "" };
  await account.finishGoogle({ state, code, attempt: attempt ?? nothing, device: deviceName(navigator.userAgent) });
}
