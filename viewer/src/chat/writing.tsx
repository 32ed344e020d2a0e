import { useEffect, useRef } from "preact/hooks";
import { changesTo } from "./amending.ts";
import { ClosedNote } from "./closed-note.tsx";
import { Composer } from "./composer.tsx";
import { JoinForm } from "./join-form.tsx";
import type { RoomModel } from "./room-model.ts";

/** Where one writes; who came by a link gives a name first. */
export function Writing({ model }: { model: RoomModel }) {
  const { named, complete, closed, role } = model.state.value;
  // Known once, it stays known: what others write meanwhile must not take away the form somebody is filling in.
  const known = useRef(false);
  known.current ||= complete;
  useEffect(() => {
    model.changesTo = (message) => changesTo(message, model);
  }, [model]);
  return (
    <section class="writing" aria-label="Write">
      <TypingLine model={model} />
      {closed && <ClosedNote model={model} />}
      {/* Hidden and not gone: what somebody was writing is there when the chat is opened again. */}
      <div hidden={closed && role !== "owner"}>
        {named ? <Composer model={model} /> : known.current && <JoinForm model={model} />}
      </div>
    </section>
  );
}

function TypingLine({ model }: { model: RoomModel }) {
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
          {typingSentence(typing.map(({ name }) => name))}
        </>
      )}
    </p>
  );
}

function typingSentence(names: readonly string[]): string {
  if (names.length === 1) return `${names[0]} is typing`;
  if (names.length === 2) return `${names[0]} and ${names[1]} are typing`;
  return "Several people are typing";
}
