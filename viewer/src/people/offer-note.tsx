import { useState } from "preact/hooks";
import { Dialog } from "../app/dialog.tsx";
import { sentenceOf } from "../app/problem.tsx";
import { useSession } from "../app/session.ts";
import { toast } from "../app/toasts.tsx";
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
  const [busy, setBusy] = useState<"accept" | "decline" | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const { chat } = model.room;
  const run = async (what: "accept" | "decline") => {
    setBusy(what);
    setProblem(null);
    try {
      const handing = await client.handingOver();
      if (what === "decline") await handing.decline(chat);
      // The screen opens the chat anew when it hears of it.
      else await handing.accept(chat);
      toast(what === "accept" ? "This chat is yours now." : `You declined. The chat stays with ${owner}.`);
      onClose();
    } catch (error) {
      setProblem(sentenceOf(error));
      setBusy(null);
    }
  };
  return (
    <Dialog title="Make this chat yours?" onClose={onClose} busy={busy !== null}>
      <div class="stack">
        <ul class="bullets">
          <li>
            You decide about everything from then on: links, people, what is shared, and whether the chat is deleted.
          </li>
          <li>You get the keys of its links. Everybody else keeps the access they have.</li>
          <li>{owner} stays in the chat as a member, until you remove them.</li>
          <li>Your name and key stand for it: the seal that readers check is yours.</li>
        </ul>
        {problem && (
          <p class="sentence bad" role="alert">
            {problem}
          </p>
        )}
        <div class="row end dialog-foot">
          <button type="button" class="button" disabled={busy !== null} onClick={() => void run("decline")}>
            {busy === "decline" ? "Declining …" : "Decline"}
          </button>
          <button type="button" class="button primary" disabled={busy !== null} onClick={() => void run("accept")}>
            {busy === "accept" ? "Accepting …" : "Accept the chat"}
          </button>
        </div>
      </div>
    </Dialog>
  );
}
