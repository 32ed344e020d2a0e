import type { UpdatePreview } from "@openmates-share/client";
import { useEffect, useState } from "preact/hooks";
import { counted } from "../app/dates.ts";
import { useSession } from "../app/session.ts";
import type { RoomModel } from "../chat/room-model.ts";
import { excerpt } from "../chat/speaker.ts";
import { useUnshared } from "../chat/unshared.ts";

/** More lines than that are told by their number. */
const LISTED = 8;

/** The first words of what is private so far, checked before it is shown. */
export function Unshared({ model }: { model: RoomModel }) {
  const { client } = useSession();
  const { chat } = model.room;
  const count = model.unsharedCount.value;
  const [preview, setPreview] = useState<UpdatePreview | null>(null);
  useEffect(() => {
    const abort = new AbortController();
    client.previewOfUpdate(chat, { limit: LISTED, signal: abort.signal }).then(
      (found) => !abort.signal.aborted && setPreview(found),
      // What is here already is listed then.
      () => undefined,
    );
    return () => abort.abort();
  }, [client, chat, count]);
  const messages = preview?.messages ?? model.unshared.value.slice(0, LISTED);
  const left = (preview?.count ?? count) - messages.length;
  return (
    <ul class="adds" aria-label="Private so far">
      {messages.map((message) => (
        <li key={message.id} dir="auto">
          {model.quoteOf(message, (text) => excerpt(text))}
        </li>
      ))}
      {left > 0 && <li class="hint">and {left.toLocaleString()} more</li>}
    </ul>
  );
}

/** Before a link is made or changed: what its holders get to see. */
export function BecomesVisible({ model, collaborative }: { model: RoomModel; collaborative: boolean }) {
  const count = model.unsharedCount.value;
  const words = useUnshared(model);
  if (!collaborative || count === 0) {
    return (
      <p class="sentence" aria-live="polite">
        Visible to people with the link: {counted(model.room.messagesTo(model.sharedThrough.value), "message")}
        {collaborative
          ? ", and everything that is written later."
          : count > 0
            ? `. Private until you share it: ${words ?? "what follows"}.`
            : "."}
      </p>
    );
  }
  return (
    <div class="sentence private" aria-live="polite">
      <p>What is private so far{words && ` (${words})`} will be visible to everyone who joins by this link:</p>
      <Unshared model={model} />
    </div>
  );
}
