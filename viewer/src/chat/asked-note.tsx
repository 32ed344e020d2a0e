import type { RoomMessage } from "@openmates-share/client";
import { useEffect, useState } from "preact/hooks";
import { Icon } from "../app/icons.tsx";
import { memberModelName } from "./answerer-select.tsx";
import { AskAgain } from "./ask-again.tsx";
import type { RoomModel } from "./room-model.ts";

/** What a member's browser needs to begin; after that it is not there, or does not want to. Milliseconds. */
const PATIENCE = 5_000;

/** Beneath a message that asks a member's own model: whom, and how to go on when no answer comes. */
export function AskedNote({ message, model }: { message: RoomMessage; model: RoomModel }) {
  const { body, id, sender } = message;
  const asks = body.type === "content" && body.content.type === "message" ? body.content.asks : null;
  const [waited, setWaited] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setWaited(true), PATIENCE);
    return () => clearTimeout(timer);
  }, []);
  if (!asks) return null;
  const name = memberModelName(model, asks.of);
  const begun =
    model.state.value.answers.some((answer) => answer.message === id && answer.state === "running") ||
    model.find(asks.ask as string as typeof id);
  return (
    <div class="message-foot asked-note">
      <p class="hint">
        <Icon name="spark" /> Asks {name}
        {!begun && waited && ", which has not answered: it does so only while its owner has this chat open"}.
      </p>
      {!begun && waited && sender === model.me && (
        <AskAgain
          model={model}
          message={id}
          label="Ask OpenMates instead"
          only="server"
          onAsk={(options) => void model.ask(id, options)}
        />
      )}
    </div>
  );
}
