import type { Person } from "@openmates-share/client";
import { Icon } from "../app/icons.tsx";
import { Avatar } from "../chat/message-card.tsx";
import type { ComparedMarks } from "./compared-marks.ts";

/** Somebody in the list of people, and whether it is known whose key they write with. */
export function PersonRow(props: {
  person: Person;
  isMe: boolean;
  /** Null until they are loaded. */
  marks: ComparedMarks | null;
  onCompare: (person: Person) => void;
}) {
  const { person, isMe, marks, onCompare } = props;
  const { name, named, colour, owner, present, typing, sender, namesake } = person;
  // Who has said no name goes by what they are.
  const roles = [isMe && "you", owner && named && "owner"].filter(Boolean).join(", ");
  const compared = marks?.compared.value.has(sender) ?? false;
  const other = namesake !== null && namesake.place > 1;
  return (
    <li class="person-row">
      <Avatar name={name} kind="person" colour={colour} />
      <span class="person-name">
        <span dir="auto">{name}</span>
        {roles && <span class="hint"> ({roles})</span>}
        {compared && (
          <span class="compared" title="You have compared safety numbers">
            <Icon name="sealed" />
            <span class="unseen">, compared</span>
          </span>
        )}
        {marks?.hasComparedNamesake(person) ? (
          <span class="another bad">Not the {name} you compared</span>
        ) : (
          other && <span class="hint another">Another key than the first {name}</span>
        )}
      </span>
      <span class="hint">
        {typing ? "typing…" : present ? "here" : "away"}
        {present && <span class="dot" />}
      </span>
      {!isMe && (
        <button
          type="button"
          class="text-button compare"
          aria-label={`Compare safety numbers with ${name}${other ? ` (${namesake.place})` : ""}`}
          title="Compare safety numbers"
          disabled={marks === null}
          onClick={() => onCompare(person)}
        >
          Compare
        </button>
      )}
    </li>
  );
}
