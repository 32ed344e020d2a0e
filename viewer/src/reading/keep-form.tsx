import { useState } from "preact/hooks";
import { DialogFoot } from "../app/dialog.tsx";
import { Icon } from "../app/icons.tsx";
import { PasswordInput } from "../app/password-input.tsx";

/** Whether the file needs a password is the one thing to decide about it. */
export function KeepForm({ onKeep, onBack }: { onKeep: (password: string) => void; onBack: () => void }) {
  const [password, setPassword] = useState("");
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault();
        onKeep(password);
      }}
    >
      <p>
        One file that opens in any browser, without a server or a connection. It carries the encrypted messages and the
        owner’s seal, and checks both every time.
      </p>
      <PasswordInput
        label="Password for the file (optional)"
        value={password}
        onInput={setPassword}
        autoComplete="new-password"
      />
      <p class="hint" role="status">
        {password === ""
          ? "Without a password, whoever has the file can read it."
          : "Nobody can open the file without the password. It can’t be recovered."}
      </p>
      <DialogFoot>
        <button type="button" class="button" onClick={onBack}>
          Back
        </button>
        <button type="submit" class="button primary">
          <Icon name="download" />
          Save file
        </button>
      </DialogFoot>
    </form>
  );
}
