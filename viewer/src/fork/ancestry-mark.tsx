import type { Ancestry } from "@openmates-share/client";
import { useEffect, useMemo, useState } from "preact/hooks";
import { mediumTime } from "../app/dates.ts";
import { Icon } from "../app/icons.tsx";
import type { RoomModel } from "../chat/room-model.ts";
import { AncestryDetails } from "./ancestry-details.tsx";
import { titleOf } from "./source-title.tsx";
import { standingNotes } from "./standing-notes.tsx";
import "./fork.css";

type Proven = Extract<Ancestry, { state: "proven" }>;

/** Where a fork came from, as far as that is proved; and beside its messages what is not. */
export function AncestryMark({ model, ancestry }: { model: RoomModel; ancestry: Ancestry }) {
  const notes = useMemo(() => standingNotes(ancestry), [ancestry]);
  useEffect(() => {
    model.origins.value = notes;
    return () => {
      model.origins.value = null;
    };
  }, [model, notes]);
  return ancestry.state === "proven" ? (
    <ProvenMark model={model} ancestry={ancestry} />
  ) : (
    <div class="integrity bad" role="alert">
      <Icon name="alert" />
      <div>
        <b>This chat says that it continues another one, and can’t prove it.</b>
        <p>{ancestry.message}</p>
        <p>Take nothing in it for somebody else’s words.</p>
      </div>
    </div>
  );
}

function ProvenMark({ model, ancestry }: { model: RoomModel; ancestry: Proven }) {
  const [open, setOpen] = useState(false);
  const source = ancestry.chats.at(-1);
  if (!source) return null;
  return (
    <details class="integrity good" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary class="integrity-line">
        <Icon name="copy" />
        <span class="integrity-words">
          Forked from {titleOf(source)}, which its owner sealed on{" "}
          <time dateTime={new Date(source.sealedAt).toISOString()}>{mediumTime(source.sealedAt)}</time>
        </span>
      </summary>
      {open && <AncestryDetails model={model} ancestry={ancestry} />}
    </details>
  );
}
