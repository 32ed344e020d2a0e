import type { Integrity, RoomState } from "@openmates-share/client";
import { useState } from "preact/hooks";
import { counted, mediumTime } from "../app/dates.ts";
import { Icon } from "../app/icons.tsx";
import { lazy } from "../app/lazy.tsx";

const SealDetails = lazy(async () => (await import("./integrity-details.tsx")).SealDetails);
const AlterationDetails = lazy(async () => (await import("./integrity-details.tsx")).AlterationDetails);

export type IntegrityMarkProps = Pick<RoomState, "integrity" | "role" | "owner">;

/** Quiet when all is well, and loud when it is not: what is shown is then not what the owner shared. */
export function IntegrityMark({ integrity, role, owner }: IntegrityMarkProps) {
  switch (integrity.state) {
    case "checking":
      return (
        <p class="integrity">
          Checking that nothing is missing…
          {integrity.of > CHECKED_AT_ONCE &&
            ` ${integrity.checked.toLocaleString()} of ${counted(integrity.of, "message")}`}
        </p>
      );
    case "unsealed":
      return null;
    case "sealed":
      // Of nothing there is nothing to say.
      return integrity.at.seq === 0 ? null : <Sealed integrity={integrity} role={role} owner={owner} />;
    case "violated":
      return <Violated integrity={integrity} owner={owner} />;
  }
}

/** Shorter chats are checked before anybody has read the number. */
const CHECKED_AT_ONCE = 5_000;

type Found<State> = Extract<Integrity, { state: State }>;

function Sealed({ integrity, role, owner }: Omit<IntegrityMarkProps, "integrity"> & { integrity: Found<"sealed"> }) {
  const { time, at } = integrity;
  const [open, setOpen] = useState(false);
  return (
    <details class="integrity good" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary class="integrity-line">
        <Icon name="sealed" />
        <span class="integrity-words">
          {role === "member"
            ? "Complete and unaltered up to the owner’s seal of "
            : "Complete and unaltered, sealed by "}
          {role === "owner" && "you on "}
          {role === "reader" && "the owner on "}
          <time dateTime={new Date(time).toISOString()}>{mediumTime(time)}</time>
        </span>
      </summary>
      {open && <SealDetails time={time} at={at} role={role} owner={owner} />}
    </details>
  );
}

function Violated({ integrity, owner }: { integrity: Found<"violated">; owner: RoomState["owner"] }) {
  return (
    <div class="integrity bad" role="alert" id="altered" tabIndex={-1}>
      <Icon name="alert" />
      <div>
        <b>This is not what was shared. Don’t rely on it.</b>
        <p>{integrity.message}</p>
        <p>Tell the person who sent you the link, by another way than this chat.</p>
        <AlterationDetails code={integrity.code} owner={owner} />
      </div>
    </div>
  );
}
