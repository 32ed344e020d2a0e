import type { RoomModel } from "../chat/room-model.ts";

/** So many are named; of more, the number is told. */
const NAMED = 2;

/** Who is writing something. Not spoken: it would talk all the time. */
export function TypingLine({ model }: { model: RoomModel }) {
  const typing = model.people.value.filter((person) => person.typing && person.sender !== model.me);
  return (
    <p class="typing" aria-live="off">
      {typing.length > 0 && (
        <>
          <span class="thinking small" aria-hidden="true">
            <span />
            <span />
            <span />
          </span>
          <span class="typing-names">
            <TypingNames names={typing.map(({ name }) => name)} />
          </span>
        </>
      )}
    </p>
  );
}

/** Names that are written from the right stay where they stand in the sentence. */
export function TypingNames({ names }: { names: readonly string[] }) {
  const [first, second] = names;
  const others = names.length - NAMED;
  if (names.length === 1) {
    return (
      <>
        <bdi>{first}</bdi> is typing
      </>
    );
  }
  return (
    <>
      <bdi>{first}</bdi>
      {others > 0 ? ", " : " and "}
      <bdi>{second}</bdi>
      {others > 0 && ` and ${others} ${others === 1 ? "other" : "others"}`} are typing
    </>
  );
}
