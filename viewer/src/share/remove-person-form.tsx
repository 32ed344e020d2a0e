import type { MemberSummary, OwnedLink, RemovedPerson } from "@openmates-share/client";
import { useId, useState } from "preact/hooks";
import { PasswordInput } from "../app/password-input.tsx";
import { sentenceOf } from "../app/problem.tsx";
import { useSession } from "../app/session.ts";
import type { RoomModel } from "../chat/room-model.ts";
import { nameOfLink, takingAway } from "./taking-away.ts";

/** Takes somebody out of the chat, and says what that does not do. */
export function RemovePersonForm(props: {
  model: RoomModel;
  person: MemberSummary;
  links: readonly OwnedLink[];
  onCancel: () => void;
  onRemoved: (removed: RemovedPerson, hasPassword: boolean) => void;
}) {
  const { model, person, links, onCancel, onRemoved } = props;
  const { client } = useSession();
  const link = links.find((one) => one.link === person.link);
  const returns = link?.audience.type === "public";
  const [replace, setReplace] = useState(false);
  const [password, setPassword] = useState("");
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const group = useId();
  const name = model.nameOf(person.sender);
  const remove = async () => {
    setBusy(true);
    setProblem(null);
    try {
      const removed = await takingAway(links, (alsoRevoke) =>
        client.removePerson(model.room.chat, person.sender, {
          andReplaceLink: replace,
          password: replace && password !== "" ? password : null,
          alsoRevoke,
        }),
      );
      if (removed) return onRemoved(removed, password !== "");
    } catch (error) {
      setProblem(sentenceOf(error));
    }
    setBusy(false);
  };
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (!busy) void remove();
      }}
    >
      <p>
        <b dir="auto">{name}</b> loses access at once, on every device. What is written from now on is under a new key.
        What they have already read or copied can’t be taken back.
      </p>
      {link && !returns && <p class="sentence">Their link was for them alone. It ends, too.</p>}
      {link && returns && (
        <fieldset class="group">
          <legend>
            They came by “<bdi>{nameOfLink(link)}</bdi>”, which is for everyone who has it
          </legend>
          <label class="choice">
            <input type="radio" name={group} checked={!replace} onChange={() => setReplace(false)} />
            <b>Keep this link</b>
            <span>The others notice nothing. But whoever you remove can open it again as somebody else.</span>
          </label>
          <label class="choice">
            <input type="radio" name={group} checked={replace} onChange={() => setReplace(true)} />
            <b>Replace the link</b>
            <span>It ends and a new one takes its place. You send that one to the others who came by the old one.</span>
          </label>
        </fieldset>
      )}
      {replace && (
        <PasswordInput
          label="Password of the new link (optional)"
          value={password}
          autoComplete="new-password"
          onInput={setPassword}
          hint="The old one’s password is kept nowhere, so it has to be given again."
        />
      )}
      {problem && (
        <p class="sentence bad" role="alert">
          {problem}
        </p>
      )}
      <div class="row end dialog-foot">
        <button type="button" class="button" disabled={busy} onClick={onCancel}>
          Cancel
        </button>
        <button type="submit" class="button danger" disabled={busy}>
          {busy ? "Removing …" : replace ? "Remove and replace link" : "Remove"}
        </button>
      </div>
    </form>
  );
}
