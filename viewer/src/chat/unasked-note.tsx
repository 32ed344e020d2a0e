import { MATE_NAME, type MessageId } from "@openmates-share/client";
import type { RoomModel, Unasked } from "./room-model.ts";

/** A message was sent, and the mate could not be asked about it; asking again sends what was chosen with it. */
export function UnaskedNote(props: { id: MessageId; unasked: Unasked | undefined; model: RoomModel }) {
  const { id, unasked, model } = props;
  if (!unasked) return null;
  return (
    <div class="notice bad" role="alert">
      {MATE_NAME} was not asked: {unasked.sentence}{" "}
      <button type="button" class="text-button" onClick={() => void model.ask(id, unasked.options)}>
        Ask again
      </button>
    </div>
  );
}
