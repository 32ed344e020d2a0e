import type { Account, AccountInfo, ServiceInfo } from "@openmates-share/client";
import { useEffect, useState } from "preact/hooks";
import { ByGoogle } from "../account/by-google.tsx";
import { AddressForm, CodeForm, type Sent } from "../account/code-form.tsx";
import { deviceName } from "../account/device-name.ts";
import { route } from "../app/navigation.ts";
import { sentenceOf } from "../app/problem.tsx";
import { ProblemLine } from "../app/problem-line.tsx";
import { chatFragment, type Route } from "../app/route.ts";
import { useSession } from "../app/session.ts";
import { signedIn } from "../app/signed-in.ts";

type Way =
  | {
      readonly way: "asking";
      readonly account: Account;
      readonly ways: ServiceInfo["signIn"];
      readonly sent: Sent | null;
    }
  | { readonly way: "in"; readonly info: AccountInfo }
  | { readonly way: "none" };

/** Proves an address, for somebody whom a chat may have been shared with; whether it was, nobody is told but they. */
export function NamedWay({ onSignedIn }: { onSignedIn: () => void }) {
  const { client } = useSession();
  const [way, setWay] = useState<Way | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => {
    Promise.all([client.account(), client.service()])
      .then(async ([account, { signIn }]) => {
        const info = await account.info();
        if (info?.signedIn) setWay({ way: "in", info });
        else if (signIn.email || signIn.google) setWay({ way: "asking", account, ways: signIn, sent: null });
        else setWay({ way: "none" });
      })
      .catch((error: unknown) => setProblem(sentenceOf(error)));
  }, [client]);
  if (problem) return <ProblemLine problem={problem} />;
  switch (way?.way) {
    case undefined:
      return <p class="hint">Loading…</p>;
    case "none":
      return <p class="sentence">This server is set up without any way to sign in.</p>;
    case "in":
      return <OtherAddress info={way.info} />;
    case "asking": {
      const { account, ways, sent } = way;
      const send = (email: string) => account.askCode(email);
      const onSent = (next: Sent) => setWay({ ...way, sent: next });
      if (!sent) {
        return (
          <div class="stack">
            {ways.email && (
              <AddressForm label="Your e-mail address" button="Send me a code" send={send} onSent={onSent} />
            )}
            {ways.email && ways.google && <p class="or">or</p>}
            {ways.google && <ByGoogle account={account} backTo={hereOf(route.value)} />}
          </div>
        );
      }
      const redeem = async (code: string) => {
        const { email, request } = sent;
        await account.signInByCode({ email, request, code, device: deviceName(navigator.userAgent) });
        signedIn.value = true;
        onSignedIn();
      };
      const onBack = () => setWay({ ...way, sent: null });
      return <CodeForm sent={sent} button="Sign in" send={send} onSent={onSent} redeem={redeem} onBack={onBack} />;
    }
  }
}

/** This very place, without any key: that is kept on the device until the chat opens. */
function hereOf(now: Route): string | null {
  return now.screen === "chat" ? chatFragment(now.chat, now.message) : null;
}

function OtherAddress({ info }: { info: AccountInfo }) {
  const address = info.identities[0]?.address ?? null;
  return (
    <p class="sentence">
      You are signed in{address !== null && " as "}
      {address !== null && <b>{address}</b>}. If it was shared with another address of yours, add that one{" "}
      <a href="#account">to your account</a>, and open the link again.
    </p>
  );
}
