import type { Account, ServiceInfo } from "@openmates-share/client";
import { useState } from "preact/hooks";
import { ProblemLine } from "../app/problem-line.tsx";
import { ByGoogle } from "./by-google.tsx";
import { AddressForm, CodeForm, type Sent } from "./code-form.tsx";
import { deviceName } from "./device-name.ts";

/** For somebody who is not signed in: the ways that this server offers. */
export function SignInSection(props: {
  account: Account;
  ways: ServiceInfo["signIn"];
  /** Of a way that has just failed. */
  problem: string | null;
  onDone: () => void;
}) {
  const { account, ways, problem, onDone } = props;
  return (
    <section class="panel" aria-labelledby="sign-in-title">
      <h1 id="sign-in-title">Sign in</h1>
      <p>
        You can read and share without an account. With one, your chats can follow you to other devices, and people can
        share with your address. Chats that you shared from this browser go along.
      </p>
      <ProblemLine problem={problem} />
      {ways.email && <ByMail account={account} onDone={onDone} />}
      {ways.email && ways.google && <p class="or">or</p>}
      {ways.google && <ByGoogle account={account} backTo={null} />}
      {!ways.email && !ways.google && <p class="sentence">This server is set up without any way to sign in.</p>}
    </section>
  );
}

function ByMail({ account, onDone }: { account: Account; onDone: () => void }) {
  const [sent, setSent] = useState<Sent | null>(null);
  const send = (email: string) => account.askCode(email);
  if (!sent) return <AddressForm label="E-mail address" button="Send me a code" send={send} onSent={setSent} />;
  const { email, request } = sent;
  const redeem = async (code: string) => {
    await account.signInByCode({ email, request, code, device: deviceName(navigator.userAgent) });
    onDone();
  };
  const back = () => setSent(null);
  return <CodeForm sent={sent} button="Sign in" send={send} onSent={setSent} redeem={redeem} onBack={back} />;
}
