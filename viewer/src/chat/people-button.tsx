import type { Person } from "@openmates-share/client";
import { Icon } from "../app/icons.tsx";
import { Avatar } from "./message-card.tsx";
import type { RoomModel } from "./room-model.ts";

/** Who is here: a count, and the list behind it. */
export function PeopleButton({ model }: { model: RoomModel }) {
  const { people, me } = model.state.value;
  const present = people.filter((person) => person.present).length;
  const label = `People: ${people.length}, here now: ${present}`;
  return (
    <div class="people">
      <button type="button" class="button small" popovertarget="people-list" aria-label={label} title={label}>
        <Icon name="people" />
        {present > 0 && <span class="dot" />}
        {people.length}
      </button>
      <div id="people-list" class="popover" popover="auto" role="dialog" aria-label="People">
        <h2>People</h2>
        <ul>
          {people.map((person) => (
            <PersonRow key={person.sender} person={person} isMe={person.sender === me} />
          ))}
        </ul>
      </div>
    </div>
  );
}

function PersonRow({ person: { name, owner, present, typing }, isMe }: { person: Person; isMe: boolean }) {
  const marks = [isMe && "you", owner && "owner"].filter(Boolean).join(", ");
  return (
    <li class="person-row">
      <Avatar name={name} kind="person" />
      <span class="person-name" dir="auto">
        {name}
        {marks && <span class="hint"> ({marks})</span>}
      </span>
      <span class="hint">
        {typing ? "typing …" : present ? "here" : "away"}
        {present && <span class="dot" />}
      </span>
    </li>
  );
}
