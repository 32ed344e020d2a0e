import { MATE_NAME, type MessageId } from "@openmates-share/client";
import type { RoomModel } from "./room-model.ts";

/** A message was sent, and the mate could not be asked about it. */
export function UnaskedNote({ id, sentence, model }: { id: MessageId; sentence: string; model: RoomModel }) {
  return (
    <div class="notice bad" role="alert">
      {MATE_NAME} was not asked: {sentence}{" "}
      <button type="button" class="text-button" onClick={() => void model.ask(id)}>
        Ask again
      </button>
    </div>
  );
}
