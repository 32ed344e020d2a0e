import type { Integrity, RoomState } from "@openmates-share/client";
import type { ComponentChildren } from "preact";
import { counted, fullTime } from "../app/dates.ts";
import { fingerprintOf, shortHash } from "./fingerprint.ts";

type Sealed = Extract<Integrity, { state: "sealed" }>;
type Violated = Extract<Integrity, { state: "violated" }>;

/** What was checked, and what to compare; loaded when somebody asks. */
export function SealDetails(props: Pick<Sealed, "time" | "at"> & Pick<RoomState, "role" | "owner">) {
  const { time, at, role, owner } = props;
  return (
    <div class="integrity-details">
      <p>
        {at.seq === 1
          ? "Your browser checked the one message against the seal"
          : `Your browser checked all ${counted(at.seq, "message")} against the seal`}
        : none was changed, moved, left out or put in, and nothing is missing at the end. It checks who signed a message
        when it shows it.
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
  );
}

/** What somebody who helps would ask for. */
export function AlterationDetails({ code, owner }: Pick<Violated, "code"> & Pick<RoomState, "owner">) {
  return (
    <>
      <ul>
        <li>Don’t act on what you read here, and don’t write anything that others should not see.</li>
        <li>Ask for a copy, or for a new link.</li>
      </ul>
      <details>
        <summary class="integrity-more">Details to pass on</summary>
        <dl>
          <Fact name="What was found">
            <code>{code}</code>
          </Fact>
          <Fact name="Owner’s key">
            <code>{fingerprintOf(owner)}</code>
          </Fact>
        </dl>
      </details>
    </>
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
