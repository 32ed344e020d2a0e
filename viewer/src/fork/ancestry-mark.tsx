import type { Ancestry, AncestryChat, ChatId } from "@openmates-share/client";
import { useEffect, useMemo, useState } from "preact/hooks";
import { mediumTime } from "../app/dates.ts";
import { Icon } from "../app/icons.tsx";
import type { RoomModel } from "../chat/room-model.ts";
import { AncestryDetails } from "./ancestry-details.tsx";
import { titleOf } from "./source-title.tsx";
import { standingNotes } from "./standing-notes.tsx";
import "./fork.css";

export interface AncestryMarkProps {
  readonly model: Pick<RoomModel, "origins" | "room">;
  readonly ancestry: Ancestry;
  /** Whether a chat that one has is that key's owner's; null for a chat that one doesn't have. */
  readonly knows: ((chat: ChatId, key: AncestryChat["publicKey"]) => Promise<boolean | null>) | null;
}

type Proven = Extract<Ancestry, { state: "proven" }>;

/** Where a fork came from, as far as that is proved; and beside its messages what is not. */
export function AncestryMark({ model, ancestry, knows }: AncestryMarkProps) {
  const notes = useMemo(() => standingNotes(ancestry), [ancestry]);
  useEffect(() => {
    model.origins.value = notes;
    return () => {
      model.origins.value = null;
    };
  }, [model, notes]);
  return ancestry.state === "proven" ? (
    <ProvenMark model={model} ancestry={ancestry} knows={knows} />
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

function ProvenMark({ model, ancestry, knows }: AncestryMarkProps & { ancestry: Proven }) {
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
      {open && <AncestryDetails room={model.room} ancestry={ancestry} knows={knows} />}
    </details>
  );
}
