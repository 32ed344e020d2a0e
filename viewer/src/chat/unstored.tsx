import { AnswerCard } from "./answer-card.tsx";
import { DepartingCard } from "./departing-card.tsx";
import { PendingCard } from "./pending-card.tsx";
import type { RoomModel } from "./room-model.ts";

/** What changes with every word that is written or streamed, apart from what does not. */
export function Unstored({ model }: { model: RoomModel }) {
  const { answers, pending, me } = model.state.value;
  const name = (me && model.names.value.get(me)) || "You";
  return (
    <ul aria-label="On its way">
      {answers.map(
        (answer) =>
          (answer.state === "running" || !model.dismissed.value.has(answer.ask)) && (
            <AnswerCard key={answer.ask} answer={answer} model={model} />
          ),
      )}
      {pending
        .filter(({ id }) => !model.find(id))
        .map((message) => (
          <PendingCard key={message.id} message={message} name={name} model={model} />
        ))}
      {model.departing.value.map((departure) => (
        <DepartingCard key={departure.id} departure={departure} name={name} model={model} />
      ))}
    </ul>
  );
}
