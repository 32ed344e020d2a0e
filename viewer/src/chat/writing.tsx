import type { MessageId } from "@openmates-share/client";
import { useSignalEffect } from "@preact/signals";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { lazy } from "../app/lazy.tsx";
import { Group } from "../group/group.ts";
import { JumpButton, UnreadLine } from "../group/group-layer.tsx";
import { mayReact, startReacting } from "../group/reacting.ts";
import { ReactionMenu } from "../group/reaction-menu.tsx";
import { SeenMark } from "../group/seen-mark.tsx";
import { TypingLine } from "../group/typing-line.tsx";
import type { ListView } from "../list/list-view.ts";
import "../styles/asking.css";
import "../styles/group.css";
import { AnsweringOthers } from "../own-model/answering-others.tsx";
import { changesTo } from "./amending.ts";
import { AskedNote } from "./asked-note.tsx";
import { ClosedNote } from "./closed-note.tsx";
import { Composer } from "./composer.tsx";
import { JoinForm } from "./join-form.tsx";
import type { RoomModel } from "./room-model.ts";
import { useOpens } from "./use-opens.ts";

const OfferNote = lazy(async () => (await import("../people/offer-note.tsx")).OfferNote);
const NotifyDialog = lazy(async () => (await import("../group/notify-dialog.tsx")).NotifyDialog);

/** Where one writes; who came by a link gives a name first. */
export function Writing({ model, view }: { model: RoomModel; view: ListView }) {
  const { named, complete, closed, role, offeredTo, me } = model.state.value;
  // Known once, it stays known: what others write meanwhile must not take away the form somebody is filling in.
  const known = useRef(false);
  known.current ||= complete;
  const [notifying, setNotifying] = useState(false);
  const group = useGroup(model, view);
  useOpens(model);
  useEffect(() => followReactButtons(model), [model]);
  useSignalEffect(() => {
    // One gives a name first; the composer takes the focus by itself.
    if (model.replyTo.value) focusWriting();
  });
  useEffect(() => {
    model.changesTo = (message) => changesTo(message, model);
    model.writing = {
      reply: (id) => model.onReply?.(id),
      edit: (id) => {
        const message = model.find(id as MessageId);
        if (message) changesTo(message, model).edit?.();
      },
      react: (id) => document.querySelector<HTMLElement>(`[data-react="${id}"]`)?.click(),
      write: focusWriting,
      notifications: () => setNotifying(true),
    };
  }, [model]);
  return (
    <section class="writing" aria-label="Write">
      <JumpButton group={group} />
      <TypingLine model={model} />
      {offeredTo !== null && offeredTo === me && <OfferNote model={model} />}
      {closed && <ClosedNote model={model} />}
      {/* Hidden and not gone: what somebody was writing is there when the chat is opened again. */}
      <div hidden={closed && role !== "owner"}>
        {named ? <Composer model={model} /> : known.current && <JoinForm model={model} />}
      </div>
      <AnsweringOthers model={model} />
      <ReactionMenu model={model} />
      {notifying && <NotifyDialog onClose={() => setNotifying(false)} />}
    </section>
  );
}

/** The message, or the name that one gives first. */
function focusWriting(): void {
  document.querySelector<HTMLElement>(".composer textarea, .join input")?.focus();
}

/** The messages' own buttons are there before this code is. */
function followReactButtons(model: RoomModel): () => void {
  const onClick = ({ target }: MouseEvent) => {
    const button = target instanceof Element ? target.closest<HTMLElement>("[data-react]") : null;
    if (!button) return;
    if (mayReact(model)) startReacting(button.dataset.react as MessageId, button);
    else focusWriting();
  };
  document.addEventListener("click", onClick);
  return () => document.removeEventListener("click", onClick);
}

/** Follows what is new to this person, and shows it around the messages. */
function useGroup(model: RoomModel, view: ListView): Group {
  const group = useMemo(() => new Group({ model, view }), [model, view]);
  useEffect(() => {
    const stop = group.start();
    model.around.value = {
      above: ({ seq }) => group.unread.value?.line.value === seq && <UnreadLine />,
      beneath: (message) => {
        const { seq, body } = message;
        const people = group.seen.value.get(seq);
        const asks = body.type === "content" && body.content.type === "message" && body.content.asks;
        return (
          <>
            {asks && <AskedNote message={message} model={model} />}
            {people && <SeenMark people={people} model={model} />}
          </>
        );
      },
    };
    return () => {
      model.around.value = null;
      stop();
    };
  }, [group, model]);
  return group;
}
