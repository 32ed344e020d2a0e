import type { LinkMode, LinkOptions } from "@openmates-share/client";
import { useId } from "preact/hooks";
import { PasswordInput } from "../app/password-input.tsx";

/** What the owner decides about one link. */
export interface LinkSettings {
  readonly mode: LinkMode;
  readonly password: string;
  readonly label: string;
  readonly expiry: Expiry;
}

const HOUR = 3_600_000;
const EXPIRIES = [
  { value: "never", name: "Never", after: null },
  { value: "hour", name: "After an hour", after: HOUR },
  { value: "day", name: "After a day", after: 24 * HOUR },
  { value: "week", name: "After a week", after: 7 * 24 * HOUR },
  { value: "month", name: "After 30 days", after: 30 * 24 * HOUR },
] as const;
type Expiry = (typeof EXPIRIES)[number]["value"];

export const DEFAULT_SETTINGS: LinkSettings = { mode: "read-only", password: "", label: "", expiry: "never" };

export function linkOptions({ mode, password, label, expiry }: LinkSettings, now = Date.now()): LinkOptions {
  const after = EXPIRIES.find(({ value }) => value === expiry)?.after ?? null;
  return {
    mode,
    password: password === "" ? null : password,
    label: label.trim() === "" ? null : label.trim(),
    expiresAt: after === null ? null : now + after,
  };
}

interface Props {
  readonly settings: LinkSettings;
  readonly onChange: (settings: LinkSettings) => void;
}

export function ModeChoice({ settings, onChange }: Props) {
  const name = useId();
  const choose = (mode: LinkMode) => onChange({ ...settings, mode });
  return (
    <fieldset class="group">
      <legend>What may people with the link do?</legend>
      <label class="choice">
        <input type="radio" name={name} checked={settings.mode === "read-only"} onChange={() => choose("read-only")} />
        <b>Read</b>
        <span>
          They see the chat as it is now. What is written later stays private until you update the shared chat.
        </span>
      </label>
      <label class="choice">
        <input
          type="radio"
          name={name}
          checked={settings.mode === "collaborative"}
          onChange={() => choose("collaborative")}
        />
        <b>Write together</b>
        <span>A group chat: they see everything, also what is written later, and can write and ask @OpenMates.</span>
      </label>
    </fieldset>
  );
}

export function PasswordAndExpiry({ settings, onChange }: Props) {
  const expiry = useId();
  return (
    <>
      <PasswordInput
        label="Password (optional)"
        value={settings.password}
        autoComplete="new-password"
        onInput={(password) => onChange({ ...settings, password })}
        hint="It is never sent anywhere, so nobody can restore it. Tell it to people by another way than the link."
      />
      <div class="field">
        <label for={expiry}>The link stops working</label>
        <select
          id={expiry}
          class="input"
          value={settings.expiry}
          onChange={({ currentTarget: { value } }) => {
            const chosen = EXPIRIES.find((known) => known.value === value);
            if (chosen) onChange({ ...settings, expiry: chosen.value });
          }}
        >
          {EXPIRIES.map(({ value, name }) => (
            <option key={value} value={value}>
              {name}
            </option>
          ))}
        </select>
      </div>
    </>
  );
}
