import "./people.css";
import type { MemberSummary } from "@openmates-share/client";
import { useState } from "preact/hooks";
import { sentenceOf } from "../app/problem.tsx";
import { useSession } from "../app/session.ts";
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
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const name = model.nameOf(person.sender);
  const offer = async () => {
    setBusy(true);
    setProblem(null);
    try {
      await (await client.handingOver()).offer(model.room.chat, person.sender);
      onOffered();
    } catch (error) {
      setProblem(sentenceOf(error));
      setBusy(false);
    }
  };
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (sure && !busy) void offer();
      }}
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
      <label class="check-row">
        <input type="checkbox" checked={sure} onChange={(event) => setSure(event.currentTarget.checked)} />
        <span>I want to give this chat to {name}.</span>
      </label>
      {problem && (
        <p class="sentence bad" role="alert">
          {problem}
        </p>
      )}
      <div class="row end dialog-foot">
        <button type="button" class="button" disabled={busy} onClick={onCancel}>
          Cancel
        </button>
        <button type="submit" class="button danger" disabled={busy || !sure}>
          {busy ? "Offering …" : "Offer the chat"}
        </button>
      </div>
    </form>
  );
}
