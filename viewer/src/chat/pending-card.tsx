import type { MessageId, PendingMessage } from "@openmates-share/client";
import type { ComponentChildren } from "preact";
import { useMemo } from "preact/hooks";
import { Icon } from "../app/icons.tsx";
import { lazy } from "../app/lazy.tsx";
import { MessagePlaceProvider } from "../embed/message-place.ts";
import { Avatar, toneOf } from "./message-card.tsx";
import { RichText } from "./message-text.tsx";
import type { RoomModel } from "./room-model.ts";
import { excerpt } from "./speaker.ts";

const EmbedPart = lazy(async () => (await import("../embed/embed-part.tsx")).EmbedPart);

/** Quiet while all goes well: words are for what takes longer. */
function PendingMark({ refused, offline }: { refused: boolean; offline: boolean }) {
  if (refused) return <span class="detail bad">Not sent</span>;
  return (
    <span class="detail pending-mark" title={offline ? "Waits for the connection" : "On its way"}>
      <Icon name="clock" />
      {offline ? "Waiting" : <span class="unseen">On its way</span>}
    </span>
  );
}

/** A message on its way, or one that the server did not take. */
export function PendingCard({ message, name, model }: { message: PendingMessage; name: string; model: RoomModel }) {
  const { id, text, state, replyTo } = message;
  const offline = model.state.value.connection !== "live";
  const mark = <PendingMark refused={state !== "waiting"} offline={offline} />;
  return (
    <UnsentCard name={name} model={model} mark={mark} replyTo={replyTo} text={text}>
      <Attached message={message} model={model} />
      {state !== "waiting" && (
        <div class="sentence bad" role="alert">
          <p>{state.refused}</p>
          <div class="row">
            <button type="button" class="button small" onClick={() => model.retry(id, text)}>
              <Icon name="retry" />
              Send again
            </button>
            <button type="button" class="button small quiet" onClick={() => model.room.discardPending(id)}>
              Discard
            </button>
          </div>
        </div>
      )}
    </UnsentCard>
  );
}

/** A message of one's own that is not stored, with why at its head and what belongs to it below its words. */
export function UnsentCard(props: {
  readonly name: string;
  readonly model: RoomModel;
  readonly mark: ComponentChildren;
  readonly replyTo: MessageId | null;
  readonly text: string;
  readonly children: ComponentChildren;
}) {
  const { name, model, mark, replyTo, text, children } = props;
  const quoted = replyTo === null ? undefined : model.find(replyTo);
  const colour = model.me && model.colourOf(model.me, name);
  return (
    <li class="message-row">
      <article class="message person mine pending" aria-label={`${name}, not sent yet`}>
        <header class="message-head">
          <span class="message-by">
            <Avatar name={name} kind="person" colour={colour} />
            <b class={`speaker tone-${colour ?? toneOf(name)}`} dir="auto">
              {name}
            </b>
            {mark}
          </span>
        </header>
        {quoted && (
          <p class="quoted" dir="auto">
            <Icon name="reply" /> {model.quoteOf(quoted, (words) => excerpt(words))}
          </p>
        )}
        {text !== "" && <RichText text={text} breaks />}
        {children}
      </article>
    </li>
  );
}

/** Pictures and files that go along: they are on the server already, and a picture that was sent from here is here, too. */
function Attached({ message, model }: { message: PendingMessage; model: RoomModel }) {
  const { room, me } = model;
  const place = useMemo(() => me && { chat: room.chat, sender: me, mine: false }, [room, me]);
  if (message.attachments.length === 0 || !place) return null;
  return (
    <MessagePlaceProvider value={place}>
      <div class="pending-attachments">
        {message.attachments.map((part) => (
          <EmbedPart key={part.embed?.id ?? part.name} part={part} />
        ))}
      </div>
    </MessagePlaceProvider>
  );
}
