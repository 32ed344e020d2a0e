import { ClientError, type KeptChat, openKept, ProtocolError } from "@openmates-share/client";
import { useEffect, useState } from "preact/hooks";
import { Icon } from "../app/icons.tsx";
import { ProblemLine } from "../app/problem-line.tsx";
import { KeptView } from "./kept-view.tsx";

type Opening =
  | { readonly state: "opening" }
  | { readonly state: "locked"; readonly sentence: string | null; readonly busy: boolean }
  | { readonly state: "refused"; readonly sentence: string }
  | { readonly state: "open"; readonly kept: KeptChat };

const DAMAGED = "This file is damaged: the chat in it can’t be read.";

/** A chat out of the file that this page is. */
export function KeptApp({ bytes }: { bytes: Uint8Array<ArrayBuffer> | null }) {
  const [opening, setOpening] = useState<Opening>({ state: "opening" });
  const open = async (password: string | null) => {
    if (password !== null) setOpening({ state: "locked", sentence: null, busy: true });
    setOpening(await attempt(bytes, password));
  };
  useEffect(() => void open(null), []);
  switch (opening.state) {
    case "opening":
      return <main class="kept-screen">Opening…</main>;
    case "locked":
      return <PasswordScreen {...opening} onPassword={(password) => void open(password)} />;
    case "refused":
      return (
        <main class="kept-screen">
          <div class="integrity bad" role="alert">
            <Icon name="alert" />
            <div>
              <b>This file can’t be opened. Don’t rely on it.</b>
              <p>{opening.sentence}</p>
              <p>Ask the person who gave it to you for another copy, or for a link.</p>
            </div>
          </div>
        </main>
      );
    case "open":
      return <KeptView kept={opening.kept} />;
  }
}

async function attempt(bytes: Uint8Array<ArrayBuffer> | null, password: string | null): Promise<Opening> {
  if (!bytes) return { state: "refused", sentence: DAMAGED };
  try {
    return { state: "open", kept: await openKept(bytes, { password }) };
  } catch (error) {
    if (error instanceof ClientError && error.code === "locked") {
      return { state: "locked", sentence: null, busy: false };
    }
    if (error instanceof ClientError && error.code === "unable_to_decrypt") {
      return { state: "locked", sentence: "Unable to decrypt. Please check the password.", busy: false };
    }
    if (error instanceof ProtocolError) return { state: "refused", sentence: error.message };
    reportError(error);
    return { state: "refused", sentence: DAMAGED };
  }
}

function PasswordScreen(props: { sentence: string | null; busy: boolean; onPassword: (password: string) => void }) {
  const { sentence, busy, onPassword } = props;
  const [password, setPassword] = useState("");
  return (
    <main class="kept-screen">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (!busy && password !== "") onPassword(password);
        }}
      >
        <h1>A kept chat</h1>
        <p>It is encrypted in this file. Please enter the password that was chosen for the file.</p>
        <label class="field">
          <span>Password</span>
          <input
            class="input"
            type="password"
            autocomplete="off"
            value={password}
            aria-invalid={sentence !== null}
            onInput={({ currentTarget }) => setPassword(currentTarget.value)}
          />
        </label>
        <ProblemLine problem={sentence} />
        <button type="submit" class="button primary" disabled={busy || password === ""}>
          {busy ? "Opening…" : "Open"}
        </button>
      </form>
    </main>
  );
}
