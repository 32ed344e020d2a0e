import { LIMITS, resemblesMate } from "@openmates-share/client";
import { Avatar } from "../chat/message-card.tsx";
import type { RoomModel } from "../chat/room-model.ts";
import { COLOUR_NAMES } from "./colours.ts";
import "../styles/profile.css";

/** What somebody is called in a chat, and in which colour they are shown. */
export interface Profile {
  readonly name: string;
  readonly colour: number;
}

/** Name and colour, and how the others see them. */
export function ProfileFields(props: { model: RoomModel; profile: Profile; onChange: (profile: Profile) => void }) {
  const { model, profile, onChange } = props;
  const { name, colour } = profile;
  const remark = remarkOn(name, model);
  return (
    <>
      <div class="profile">
        <Avatar name={name} kind="person" colour={colour} />
        <div class="field">
          <label for="profile-name">Your name</label>
          <input
            id="profile-name"
            class="input"
            value={name}
            maxLength={LIMITS.name}
            autoComplete="nickname"
            aria-invalid={remark?.bad ?? false}
            aria-describedby={remark ? "profile-remark" : undefined}
            dir="auto"
            // What is suggested, or was chosen another day, is written over at once.
            onFocus={({ currentTarget }) => currentTarget.select()}
            onInput={({ currentTarget }) => onChange({ name: currentTarget.value, colour })}
          />
        </div>
      </div>
      {remark && (
        <p id="profile-remark" class={remark.bad ? "sentence bad" : "hint"} role="status">
          {remark.sentence}
        </p>
      )}
      <fieldset class="colours">
        <legend>Your colour</legend>
        <div class="swatches">
          {COLOUR_NAMES.map((called, one) => (
            <label key={called} class={`swatch tone-${one}`} title={called}>
              <input
                type="radio"
                name="profile-colour"
                checked={colour === one}
                onChange={() => onChange({ name, colour: one })}
              />
              <span class="unseen">{called}</span>
            </label>
          ))}
        </div>
      </fieldset>
    </>
  );
}

/** Whether somebody can be called that. */
export function isName(name: string): boolean {
  return name.trim() !== "" && !resemblesMate(name);
}

function remarkOn(name: string, { people, me }: RoomModel): { sentence: string; bad: boolean } | null {
  const said = name.trim();
  if (resemblesMate(said)) {
    return {
      bad: true,
      sentence: "This name would be taken for OpenMates, who answers here. Please choose another one.",
    };
  }
  const others = people.value.some((person) => person.sender !== me && person.name === said);
  return others && said !== ""
    ? { bad: false, sentence: `There is a ${said} here already; you will be told apart.` }
    : null;
}
