import type { Person } from "@openmates-share/client";
import { Avatar } from "../chat/message-card.tsx";
import type { RoomModel } from "../chat/room-model.ts";
import { namesOf } from "./reacting.ts";

/** So many have a picture; the others are counted. */
const PICTURED = 4;

/** Who has read up to here. */
export function SeenMark({ people, model }: { people: readonly Person[]; model: RoomModel }) {
  const names = namesOf(
    people.map(({ sender }) => sender),
    model,
  );
  const left = people.length - PICTURED;
  return (
    <p class="seen-mark" title={`Seen by ${names}`}>
      <span class="unseen">Seen by {names}</span>
      {people.slice(0, PICTURED).map(({ sender, name, colour }) => (
        <Avatar key={sender} name={name} kind="person" colour={colour} />
      ))}
      {left > 0 && <span aria-hidden="true">+{left}</span>}
    </p>
  );
}
