import type { PendingMessage } from "@openmates-share/client";
import { Icon } from "../app/icons.tsx";
import { Avatar, toneOf } from "./message-card.tsx";
import { RichText } from "./message-text.tsx";
import type { RoomModel } from "./room-model.ts";
import { excerpt } from "./speaker.ts";

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
  const quoted = replyTo === null ? undefined : model.find(replyTo);
  const colour = model.me && model.colourOf(model.me, name);
  const offline = model.state.value.connection !== "live";
  return (
    <li class="message-row">
      <article class="message person mine pending" aria-label={`${name}, not sent yet`}>
        <header class="message-head">
          <span class="message-by">
            <Avatar name={name} kind="person" colour={colour} />
            <b class={`speaker tone-${colour ?? toneOf(name)}`} dir="auto">
              {name}
            </b>
            <PendingMark refused={state !== "waiting"} offline={offline} />
          </span>
        </header>
        {quoted && (
          <p class="quoted" dir="auto">
            <Icon name="reply" /> {model.quoteOf(quoted, (words) => excerpt(words))}
          </p>
        )}
        <RichText text={text} breaks />
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
      </article>
    </li>
  );
}
