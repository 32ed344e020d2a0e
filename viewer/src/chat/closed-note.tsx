import { useState } from "preact/hooks";
import { Icon } from "../app/icons.tsx";
import { sentenceOf } from "../app/problem.tsx";
import { useSession } from "../app/session.ts";
import { toast } from "../app/toasts.tsx";
import type { RoomModel } from "./room-model.ts";

/** Stands where members would write while the owner has closed the chat, and reminds the owner of it. */
export function ClosedNote({ model }: { model: RoomModel }) {
  if (model.role !== "owner") {
    return (
      <p class="closed-note" role="status">
        <Icon name="lock" /> The owner has closed this chat to writing. You can still read it.
      </p>
    );
  }
  return (
    <p class="closed-note" role="status">
      <Icon name="lock" /> Closed to writing: only you can write here. <OpenAgain model={model} />
    </p>
  );
}

function OpenAgain({ model }: { model: RoomModel }) {
  const { client } = useSession();
  const [busy, setBusy] = useState(false);
  const open = async () => {
    setBusy(true);
    try {
      await client.setClosed(model.room.chat, false);
    } catch (error) {
      toast(sentenceOf(error));
      setBusy(false);
    }
  };
  return (
    <button type="button" class="text-button" disabled={busy} onClick={() => void open()}>
      {busy ? "Opening …" : "Let everyone write again"}
    </button>
  );
}
