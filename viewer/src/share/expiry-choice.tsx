import { LIMITS } from "@openmates-share/client";
import { useId } from "preact/hooks";
import { EXPIRIES, type Expiry, localTime } from "./expiry.ts";

/** What "on a day of my own" begins with: a week. Milliseconds. */
const SUGGESTED = 7 * 24 * 3_600_000;

export function ExpiryChoice({ expiry, onChange }: { expiry: Expiry; onChange: (expiry: Expiry) => void }) {
  const id = useId();
  const now = Date.now();
  const choose = (value: string) => {
    const known = EXPIRIES.find((one) => one.value === value);
    if (known) onChange({ type: "after", span: known.value });
    else if (value === "date") onChange({ type: "date", local: localTime(now + SUGGESTED) });
    else onChange({ type: "never" });
  };
  return (
    <div class="field">
      <label for={id}>The link stops working</label>
      <select
        id={id}
        class="input"
        value={expiry.type === "after" ? expiry.span : expiry.type}
        onChange={({ currentTarget }) => choose(currentTarget.value)}
      >
        <option value="never">Never</option>
        {EXPIRIES.map(({ value, name }) => (
          <option key={value} value={value}>
            {name}
          </option>
        ))}
        <option value="date">On a day of my own…</option>
      </select>
      {expiry.type === "date" && (
        <input
          class="input"
          type="datetime-local"
          aria-label="Day and time"
          value={expiry.local}
          min={localTime(now + LIMITS.expiryShortest)}
          max={localTime(now + LIMITS.expiryLongest)}
          onInput={({ currentTarget }) => onChange({ type: "date", local: currentTarget.value })}
        />
      )}
    </div>
  );
}
