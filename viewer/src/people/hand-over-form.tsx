import "./people.css";
import type { MemberSummary } from "@openmates-share/client";
import { useState } from "preact/hooks";
import { Check } from "../app/check.tsx";
import { DialogForm } from "../app/dialog-form.tsx";
import { useSession } from "../app/session.ts";
import { useTask } from "../app/use-task.ts";
import type { RoomModel } from "../chat/room-model.ts";

/** Offers a chat to somebody who writes in it, and says what that means before it can be done. */
export function HandOverForm(props: {
  model: RoomModel;
  person: MemberSummary;
  onCancel: () => void;
  onOffered: () => void;
}) {
  const { model, person, onCancel, onOffered } = props;
  const { client } = useSession();
  const [sure, setSure] = useState(false);
  const task = useTask();
  const name = model.nameOf(person.sender);
  const offer = async () => {
    await (await client.handingOver()).offer(model.room.chat, person.sender);
    onOffered();
  };
  return (
    <DialogForm
      task={task}
      onSubmit={offer}
      submit="Offer the chat"
      working="Offering…"
      danger
      ready={sure}
      onCancel={onCancel}
    >
      <p>
        <b dir="auto">{name}</b> becomes the owner once they accept. Until then you can withdraw the offer, and nothing
        changes.
      </p>
      <ul class="bullets">
        <li>They decide about everything: links, people, what is shared, and whether the chat is deleted.</li>
        <li>They get the keys of all your links to this chat, encrypted so that only they can open them.</li>
        <li>You stay in the chat and can write. You can’t take it back; only they can hand it on.</li>
        <li>Readers notice nothing, but that the seal names {name} as the owner from then on.</li>
      </ul>
      <Check checked={sure} onChange={setSure}>
        I want to give this chat to {name}.
      </Check>
    </DialogForm>
  );
}
