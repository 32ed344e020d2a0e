import type { RoomModel } from "../chat/room-model.ts";

/** So many are named; of more, the number is told. */
const NAMED = 2;

/** Who is writing something. Not spoken: it would talk all the time. */
export function TypingLine({ model }: { model: RoomModel }) {
  const typing = model.people.value.filter((person) => person.typing && person.sender !== model.me);
  return (
    <p class="typing" aria-live="off" dir="auto">
      {typing.length > 0 && (
        <>
          <span class="thinking small" aria-hidden="true">
            <span />
            <span />
            <span />
          </span>
          <span class="typing-names">{typingSentence(typing.map(({ name }) => name))}</span>
        </>
      )}
    </p>
  );
}

export function typingSentence(names: readonly string[]): string {
  const [first, second] = names;
  if (names.length === 1) return `${first} is typing`;
  if (names.length === 2) return `${first} and ${second} are typing`;
  const others = names.length - NAMED;
  return `${first}, ${second} and ${others} ${others === 1 ? "other" : "others"} are typing`;
}
