import type { Integrity, RoomState } from "@openmates-share/client";
import type { ComponentChildren } from "preact";
import { counted, fullTime, mediumTime } from "../app/dates.ts";
import { Icon } from "../app/icons.tsx";
import { fingerprintOf, shortHash } from "./fingerprint.ts";

export type IntegrityMarkProps = Pick<RoomState, "integrity" | "role" | "owner">;

/** Quiet when all is well, and loud when it is not: what is shown is then not what the owner shared. */
export function IntegrityMark({ integrity, role, owner }: IntegrityMarkProps) {
  switch (integrity.state) {
    case "checking":
      return (
        <p class="integrity">
          Checking that nothing is missing …
          {integrity.of > CHECKED_AT_ONCE &&
            ` ${integrity.checked.toLocaleString()} of ${counted(integrity.of, "message")}`}
        </p>
      );
    case "unsealed":
      return null;
    case "sealed":
      return <Sealed integrity={integrity} role={role} owner={owner} />;
    case "violated":
      return <Violated integrity={integrity} owner={owner} />;
  }
}

/** Shorter chats are checked before anybody has read the number. */
const CHECKED_AT_ONCE = 5_000;

type Found<State> = Extract<Integrity, { state: State }>;

function Sealed({ integrity, role, owner }: Omit<IntegrityMarkProps, "integrity"> & { integrity: Found<"sealed"> }) {
  const { time, at } = integrity;
  return (
    <details class="integrity good">
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
      <div class="integrity-details">
        <p>
          {at.seq === 1
            ? "Your browser checked the one message against the seal"
            : `Your browser checked all ${counted(at.seq, "message")} against the seal`}
          : none was changed, moved, left out or put in, and nothing is missing at the end. It checks who signed a
          message when it shows it.
        </p>
        <dl>
          <Fact name="Sealed">{fullTime(time)}, by the owner’s clock</Fact>
          <Fact name="Sealed part">
            {counted(at.seq, "message")}, fingerprint <code>{shortHash(at.head)}</code>
          </Fact>
          <Fact name={role === "owner" ? "Your key in this chat" : "Owner’s key"}>
            <code>{fingerprintOf(owner)}</code>
          </Fact>
        </dl>
        <p class="hint">
          {role === "owner"
            ? "Readers see the same fingerprint. Who compares it with you, in person or by phone, knows that the chat is yours."
            : "To be sure whose chat this is, compare the fingerprint of the key with the owner, in person or by phone."}{" "}
          The seal doesn’t say that what is written here is true.
        </p>
      </div>
    </details>
  );
}

const ALERT = "altered";

function Violated({ integrity, owner }: { integrity: Found<"violated">; owner: RoomState["owner"] }) {
  return (
    <div class="integrity bad" role="alert" id={ALERT} tabIndex={-1}>
      <Icon name="alert" />
      <div>
        <b>This is not what was shared. Don’t rely on it.</b>
        <p>{integrity.message}</p>
        <ul>
          <li>Don’t act on what you read here, and don’t write anything that others should not see.</li>
          <li>Tell the person who sent you the link, by another way than this chat.</li>
          <li>Ask them for a copy, or for a new link.</li>
        </ul>
        <details>
          <summary class="integrity-more">Details to pass on</summary>
          <dl>
            <Fact name="What was found">
              <code>{integrity.code}</code>
            </Fact>
            <Fact name="Owner’s key">
              <code>{fingerprintOf(owner)}</code>
            </Fact>
          </dl>
        </details>
      </div>
    </div>
  );
}

/** Stays in sight wherever one reads in a chat that is not what was shared. */
export function AlteredStrip({ integrity }: Pick<IntegrityMarkProps, "integrity">) {
  if (integrity.state !== "violated") return null;
  const show = () => {
    scrollTo({ top: 0, behavior: "instant" });
    // The list gives the page back to its top first.
    requestAnimationFrame(() => document.getElementById(ALERT)?.focus());
  };
  return (
    <div class="altered-strip">
      <Icon name="alert" />
      <span>Not what was shared</span>
      <button type="button" class="button small" onClick={show}>
        See why
      </button>
    </div>
  );
}

function Fact({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
