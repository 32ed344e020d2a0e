import { LIMITS, type LinkMode, type LinkOptions } from "@openmates-share/client";
import { Choices, type Option } from "../app/choices.tsx";
import { counted, mediumTime } from "../app/dates.ts";
import { InputError } from "../app/input-error.ts";
import { PasswordInput } from "../app/password-input.tsx";
import { TextField } from "../app/text-field.tsx";
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

/** @throws InputError that says what has to be put right before a link can be made */
export function checkSettings(settings: LinkSettings, now = Date.now()): void {
  const { audience, typed } = settings;
  if (audience === "named" && typed.trim() !== "" && readAddress(typed) === null) {
    throw new InputError(`“${typed.trim()}” is not an e-mail address.`);
  }
  if (recipientsOf(settings).length === 0) {
    throw new InputError("Please name at least one person by their e-mail address.");
  }
  checkLimits(settings, now);
}

/** @throws InputError */
export function checkLimits({ viewLimit, expiry }: Pick<LinkSettings, "viewLimit" | "expiry">, now = Date.now()): void {
  const limit = Number(viewLimit);
  if (viewLimit.trim() !== "" && !(Number.isInteger(limit) && limit >= 1 && limit <= LIMITS.views)) {
    throw new InputError("The number of devices has to be a whole number from 1 on; leave it empty for any number.");
  }
  const at = expiryTime(expiry, now);
  if (expiry.type === "date" && at === null) {
    throw new InputError("Please choose the day and time when the link stops working.");
  }
  if (at !== null && (at - now < LIMITS.expiryShortest - 60_000 || at - now > LIMITS.expiryLongest)) {
    throw new InputError("A link can stop working in an hour at the earliest, and in a year at the latest.");
  }
}

interface Props {
  readonly settings: LinkSettings;
  readonly onChange: (settings: LinkSettings) => void;
}

export function AudienceChoice({ settings, onChange }: Props) {
  return (
    <>
      <Choices
        legend="Who may open it?"
        options={AUDIENCES}
        value={settings.audience}
        onChange={(audience) => onChange({ ...settings, audience })}
        beside
      />
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

const AUDIENCES: readonly Option<LinkSettings["audience"]>[] = [
  { value: "public", name: "Everyone with the link", hint: "No account needed." },
  { value: "named", name: "People I name", hint: "By e-mail address; in other hands the link opens nothing." },
];

export function ModeChoice({ mode, onChange }: { mode: LinkMode; onChange: (mode: LinkMode) => void }) {
  return <Choices legend="What may they do?" options={MODES} value={mode} onChange={onChange} beside />;
}

const MODES: readonly Option<LinkMode>[] = [
  {
    value: "read-only",
    name: "Read",
    hint: "What is there now. What is written later stays private until you update the shared chat.",
  },
  {
    value: "collaborative",
    name: "Write together",
    hint: "A group chat: they see everything, also what comes later, can write and ask @OpenMates.",
  },
];

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
  return (
    <TextField
      label="How many devices may open it"
      className="number-input"
      inputMode="numeric"
      placeholder="Any number"
      value={value}
      onInput={onChange}
      hint="A device counts when it first opens the link, and may come back. Who clears a browser is a new device."
    />
  );
}

export function LabelField({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  return (
    <TextField
      label="Name of the link (optional)"
      maxLength={LIMITS.name}
      value={value}
      onInput={onChange}
      hint="For yourself, to tell your links apart. Encrypted."
    />
  );
}
