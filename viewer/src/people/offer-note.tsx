import { useState } from "preact/hooks";
import { Dialog, DialogFoot } from "../app/dialog.tsx";
import { useSession } from "../app/session.ts";
import { toast } from "../app/toasts.tsx";
import { useTask } from "../app/use-task.ts";
import type { RoomModel } from "../chat/room-model.ts";
import "./people.css";

/** For who is offered the chat: says so, and asks when they want to be asked. */
export function OfferNote({ model }: { model: RoomModel }) {
  const [asking, setAsking] = useState(false);
  const owner = model.nameOf(model.state.value.owner);
  return (
    <>
      <p class="closed-note" role="status">
        <b dir="auto">{owner}</b> wants to give you this chat.{" "}
        <button type="button" class="text-button" onClick={() => setAsking(true)}>
          Look at the offer
        </button>
      </p>
      {asking && <OfferDialog model={model} owner={owner} onClose={() => setAsking(false)} />}
    </>
  );
}

function OfferDialog({ model, owner, onClose }: { model: RoomModel; owner: string; onClose: () => void }) {
  const { client } = useSession();
  const { busy, problem, run } = useTask();
  const [chosen, setChosen] = useState<"accept" | "decline">("accept");
  const { chat } = model.room;
  const answer = (what: "accept" | "decline") => {
    setChosen(what);
    run(async () => {
      const handing = await client.handingOver();
      if (what === "decline") await handing.decline(chat);
      // The screen opens the chat anew when it hears of it.
      else await handing.accept(chat);
      toast(what === "accept" ? "This chat is yours now." : `You declined. The chat stays with ${owner}.`);
      onClose();
    });
  };
  return (
    <Dialog title="Make this chat yours?" onClose={onClose} busy={busy}>
      <div class="stack">
        <ul class="bullets">
          <li>
            You decide about everything from then on: links, people, what is shared, and whether the chat is deleted.
          </li>
          <li>You get the keys of its links. Everybody else keeps the access they have.</li>
          <li>{owner} stays in the chat as a member, until you remove them.</li>
          <li>Your name and key stand for it: the seal that readers check is yours.</li>
        </ul>
        <DialogFoot problem={problem}>
          <button type="button" class="button" disabled={busy} onClick={() => answer("decline")}>
            {busy && chosen === "decline" ? "Declining…" : "Decline"}
          </button>
          <button type="button" class="button primary" disabled={busy} onClick={() => answer("accept")}>
            {busy && chosen === "accept" ? "Accepting…" : "Accept the chat"}
          </button>
        </DialogFoot>
      </div>
    </Dialog>
  );
}
