import { LIMITS, type LinkMode, type LinkOptions } from "@openmates-share/client";
import { useId } from "preact/hooks";
import { counted, mediumTime } from "../app/dates.ts";
import { PasswordInput } from "../app/password-input.tsx";
import { AddressChips } from "./address-chips.tsx";
import { readAddress } from "./addresses.ts";
import { type Expiry, expiryTime } from "./expiry.ts";
import { ExpiryChoice } from "./expiry-choice.tsx";
import { passwordStrength } from "./password-strength.ts";
import "../styles/share.css";

/** What the owner decides about one link, or about one for each person. */
export interface LinkSettings {
  readonly audience: "public" | "named";
  /** Of the people it is for, with `named`. */
  readonly addresses: readonly string[];
  /** What stands in the field for them and is not taken yet. */
  readonly typed: string;
  readonly mode: LinkMode;
  readonly password: string;
  readonly label: string;
  readonly expiry: Expiry;
  /** As it stands in the field; empty for none. */
  readonly viewLimit: string;
}

export const DEFAULT_SETTINGS: LinkSettings = {
  audience: "public",
  addresses: [],
  typed: "",
  mode: "read-only",
  password: "",
  label: "",
  expiry: { type: "never" },
  viewLimit: "",
};

export function linkOptions(settings: LinkSettings, now = Date.now()): LinkOptions {
  const { mode, password, label, expiry, viewLimit } = settings;
  return {
    mode,
    password: password === "" ? null : password,
    label: label.trim() === "" ? null : label.trim(),
    expiresAt: expiryTime(expiry, now),
    viewLimit: viewLimit.trim() === "" ? null : Number(viewLimit),
  };
}

/** The people to make links for, also the one whose address was typed last; `[null]`: one link for everybody who has it. */
export function recipientsOf({ audience, addresses, typed }: LinkSettings): readonly (string | null)[] {
  if (audience === "public") return [null];
  const last = readAddress(typed);
  return last === null || addresses.includes(last) ? addresses : [...addresses, last];
}

/** What has to be put right first, as a sentence; null when a link can be made. */
export function problemIn(settings: LinkSettings, now = Date.now()): string | null {
  const { audience, typed, viewLimit, expiry } = settings;
  if (audience === "named" && typed.trim() !== "" && readAddress(typed) === null) {
    return `“${typed.trim()}” is not an e-mail address.`;
  }
  if (recipientsOf(settings).length === 0) return "Please name at least one person by their e-mail address.";
  return problemInLimits({ viewLimit, expiry }, now);
}

export function problemInLimits(
  { viewLimit, expiry }: Pick<LinkSettings, "viewLimit" | "expiry">,
  now = Date.now(),
): string | null {
  const limit = Number(viewLimit);
  if (viewLimit.trim() !== "" && !(Number.isInteger(limit) && limit >= 1 && limit <= LIMITS.views)) {
    return "The number of devices has to be a whole number from 1 on; leave it empty for any number.";
  }
  const at = expiryTime(expiry, now);
  if (expiry.type === "date" && at === null) return "Please choose the day and time when the link stops working.";
  if (at !== null && (at - now < LIMITS.expiryShortest - 60_000 || at - now > LIMITS.expiryLongest)) {
    return "A link can stop working in an hour at the earliest, and in a year at the latest.";
  }
  return null;
}

interface Props {
  readonly settings: LinkSettings;
  readonly onChange: (settings: LinkSettings) => void;
}

export function AudienceChoice({ settings, onChange }: Props) {
  const name = useId();
  const choose = (audience: LinkSettings["audience"]) => onChange({ ...settings, audience });
  return (
    <>
      <fieldset class="group">
        <legend>Who may open it?</legend>
        <div class="choices">
          <label class="choice">
            <input
              type="radio"
              name={name}
              checked={settings.audience === "public"}
              onChange={() => choose("public")}
            />
            <b>Everyone with the link</b>
            <span>No account needed.</span>
          </label>
          <label class="choice">
            <input type="radio" name={name} checked={settings.audience === "named"} onChange={() => choose("named")} />
            <b>People I name</b>
            <span>By e-mail address; in other hands the link opens nothing.</span>
          </label>
        </div>
      </fieldset>
      {settings.audience === "named" && (
        <AddressChips
          addresses={settings.addresses}
          typed={settings.typed}
          onChange={(change) => onChange({ ...settings, ...change })}
        />
      )}
    </>
  );
}

export function ModeChoice({ settings, onChange }: Props) {
  const name = useId();
  const choose = (mode: LinkMode) => onChange({ ...settings, mode });
  return (
    <fieldset class="group">
      <legend>What may they do?</legend>
      <div class="choices">
        <label class="choice">
          <input
            type="radio"
            name={name}
            checked={settings.mode === "read-only"}
            onChange={() => choose("read-only")}
          />
          <b>Read</b>
          <span>What is there now. What is written later stays private until you update the shared chat.</span>
        </label>
        <label class="choice">
          <input
            type="radio"
            name={name}
            checked={settings.mode === "collaborative"}
            onChange={() => choose("collaborative")}
          />
          <b>Write together</b>
          <span>A group chat: they see everything, also what comes later, can write and ask @OpenMates.</span>
        </label>
      </div>
    </fieldset>
  );
}

/** Password, end, number of devices and name: none of them is needed, so they are folded. */
export function MoreOptions({ settings, onChange }: Props) {
  return (
    <details class="fold">
      <summary>
        Password, expiry and limits <span class="fold-now">{optionsInWords(settings)}</span>
      </summary>
      <div class="stack">
        <PasswordAndExpiry settings={settings} onChange={onChange} />
        <ViewLimitField value={settings.viewLimit} onChange={(viewLimit) => onChange({ ...settings, viewLimit })} />
        <LabelField value={settings.label} onChange={(label) => onChange({ ...settings, label })} />
      </div>
    </details>
  );
}

function optionsInWords(settings: LinkSettings): string {
  const { password, label, expiresAt, viewLimit } = linkOptions(settings);
  const words = [
    password ? "password" : "no password",
    typeof expiresAt === "number" ? `until ${mediumTime(expiresAt)}` : "never expires",
  ];
  if (viewLimit) words.push(counted(viewLimit, "device"));
  if (label) words.push(`“${label}”`);
  return words.join(" · ");
}

export function PasswordAndExpiry({ settings, onChange }: Props) {
  const strength = passwordStrength(settings.password);
  return (
    <>
      <div class="stack tight">
        <PasswordInput
          label="Password (optional)"
          value={settings.password}
          autoComplete="new-password"
          onInput={(password) => onChange({ ...settings, password })}
          hint="It is never sent anywhere, so nobody can restore it. Tell it to people by another way than the link."
        />
        <p class={`strength ${strength?.level ?? "none"}`} aria-live="polite">
          {strength && (
            <>
              <span class="strength-bar" aria-hidden="true" />
              {strength.sentence}
            </>
          )}
        </p>
      </div>
      <ExpiryChoice expiry={settings.expiry} onChange={(expiry) => onChange({ ...settings, expiry })} />
    </>
  );
}

export function ViewLimitField({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>How many devices may open it</label>
      <input
        id={id}
        class="input number-input"
        type="text"
        inputMode="numeric"
        placeholder="Any number"
        value={value}
        aria-describedby={`${id}-hint`}
        onInput={({ currentTarget }) => onChange(currentTarget.value)}
      />
      <p class="hint" id={`${id}-hint`}>
        A device counts when it first opens the link, and may come back. Who clears a browser is a new device.
      </p>
    </div>
  );
}

export function LabelField({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>Name of the link (optional)</label>
      <input
        id={id}
        class="input"
        value={value}
        maxLength={LIMITS.name}
        aria-describedby={`${id}-hint`}
        autoComplete="off"
        dir="auto"
        onInput={({ currentTarget }) => onChange(currentTarget.value)}
      />
      <p class="hint" id={`${id}-hint`}>
        For yourself, to tell your links apart. Encrypted.
      </p>
    </div>
  );
}
