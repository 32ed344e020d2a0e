import type { Person, SenderId } from "@openmates-share/client";
import type { AskChoice } from "./ask-choice.ts";
import type { RoomModel } from "./room-model.ts";
import { useMate } from "./use-mate.ts";

/** Whose own model may be asked: theirs who offer one and are here, and whoever is chosen, for that is not undone unasked. */
function askable({ people, me }: RoomModel, chosen: SenderId | null): readonly Person[] {
  return people.value.filter(
    ({ sender, model, present }) => sender === chosen || (model !== null && present && sender !== me),
  );
}

/** `Grace’s own model llama3` */
export function memberModelName(model: RoomModel, of: SenderId): string {
  const offered = model.people.value.find(({ sender }) => sender === of)?.model;
  return `${model.nameOf(of)}’s own model${offered ? ` ${offered}` : ""}`;
}

const MEMBER = "member:";

/** Who is to answer: one of the server's models, or somebody's own; nothing where there is no choice. */
export function AnswererSelect({ model, choice }: { model: RoomModel; choice: AskChoice }) {
  const mate = useMate();
  const of = choice.of.value;
  const members = choice.only === null ? askable(model, of) : [];
  if (!mate || mate.models.length + members.length < 2) return null;
  return (
    <select
      class="model-select"
      aria-label="Model that answers"
      value={of === null ? (choice.model.value ?? mate.models[0]?.id) : MEMBER + of}
      onChange={({ currentTarget: { value } }) => {
        const member = members.find(({ sender }) => MEMBER + sender === value);
        choice.of.value = member?.sender ?? null;
        if (!member) choice.model.value = value;
      }}
    >
      {mate.models.map(({ id, name }) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
      {members.map(({ sender, present }) => (
        <option key={sender} value={MEMBER + sender}>
          {memberModelName(model, sender)}
          {!present && " (away)"}
        </option>
      ))}
    </select>
  );
}
