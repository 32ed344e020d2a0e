import { useEffect, useRef, useState } from "preact/hooks";
import { Icon } from "../app/icons.tsx";
import { Page } from "../app/page.tsx";
import { PasswordInput } from "../app/password-input.tsx";
import { ProblemLine } from "../app/problem-line.tsx";

/** Asked only after the link alone did not open the chat. */
export function PasswordForm(props: {
  title: string;
  openLabel: string;
  busy: boolean;
  sentence: string | null;
  onPassword: (password: string) => Promise<void>;
}) {
  const { title, openLabel, busy, sentence, onPassword } = props;
  const [password, setPassword] = useState("");
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (!busy) input.current?.select();
  }, [busy]);
  return (
    <Page>
      <form
        class="problem"
        onSubmit={(event) => {
          event.preventDefault();
          if (!busy && password !== "") void onPassword(password);
        }}
      >
        <span class="problem-icon">
          <Icon name="lock" />
        </span>
        <h1>{title}</h1>
        <p>Ask the person who sent you the link. The password never leaves this browser.</p>
        <PasswordInput
          label="Password"
          value={password}
          onInput={setPassword}
          inputRef={input}
          invalid={sentence !== null}
          autoComplete="off"
        />
        <ProblemLine problem={sentence} />
        <div class="row">
          <button type="submit" class="button primary" disabled={busy || password === ""}>
            {busy ? "Opening…" : openLabel}
          </button>
          <a class="button quiet" href="#home">
            My chats
          </a>
        </div>
      </form>
    </Page>
  );
}
