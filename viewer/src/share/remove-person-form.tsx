import type { MemberSummary, OwnedLink, RemovedPerson } from "@openmates-share/client";
import { useState } from "preact/hooks";
import { Choices } from "../app/choices.tsx";
import { DialogForm } from "../app/dialog-form.tsx";
import { PasswordInput } from "../app/password-input.tsx";
import { useSession } from "../app/session.ts";
import { useTask } from "../app/use-task.ts";
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
  const task = useTask();
  const name = model.nameOf(person.sender);
  const remove = async () => {
    const removed = await takingAway(links, (alsoRevoke) =>
      client.removePerson(model.room.chat, person.sender, {
        andReplaceLink: replace,
        password: replace && password !== "" ? password : null,
        alsoRevoke,
      }),
    );
    if (removed) onRemoved(removed, password !== "");
  };
  return (
    <DialogForm
      task={task}
      onSubmit={remove}
      submit={replace ? "Remove and replace link" : "Remove"}
      working="Removing…"
      danger
      onCancel={onCancel}
    >
      <p>
        <b dir="auto">{name}</b> loses access at once, on every device. What is written from now on is under a new key.
        What they have already read or copied can’t be taken back.
      </p>
      {link && !returns && <p class="sentence">Their link was for them alone. It ends, too.</p>}
      {link && returns && (
        <Choices
          legend={
            <>
              They came by “<bdi>{nameOfLink(link)}</bdi>”, which is for everyone who has it
            </>
          }
          options={[
            {
              value: false,
              name: "Keep this link",
              hint: "The others notice nothing. But whoever you remove can open it again as somebody else.",
            },
            {
              value: true,
              name: "Replace the link",
              hint: "It ends and a new one takes its place. You send that one to the others who came by the old one.",
            },
          ]}
          value={replace}
          onChange={setReplace}
        />
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
    </DialogForm>
  );
}
