import type { PendingMessage } from "@openmates-share/client";
import { Icon } from "../app/icons.tsx";
import { Avatar } from "./message-card.tsx";
import { RichText } from "./message-text.tsx";
import type { RoomModel } from "./room-model.ts";

/** A message on its way, or one that the server did not take. */
export function PendingCard({ message, name, model }: { message: PendingMessage; name: string; model: RoomModel }) {
  const { id, text, state } = message;
  const offline = model.state.value.connection !== "live";
  return (
    <li class="message-row">
      <article class="message person mine pending" aria-label={`${name}, not sent yet`}>
        <header class="message-head">
          <span class="message-by">
            <Avatar name={name} kind="person" />
            <b class="speaker" dir="auto">
              {name}
            </b>
            <span class="detail">
              {state !== "waiting" ? "Not sent" : offline ? "Waiting for the connection" : "Sending …"}
            </span>
          </span>
        </header>
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
