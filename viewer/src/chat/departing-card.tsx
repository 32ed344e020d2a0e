import { Icon } from "../app/icons.tsx";
import { AttachmentList } from "../embed/attachment-list.tsx";
import { type Departure, departures } from "./departures.ts";
import { UnsentCard } from "./pending-card.tsx";
import type { RoomModel } from "./room-model.ts";

/** A message that goes out when its files are uploaded. */
export function DepartingCard({ departure, name, model }: { departure: Departure; name: string; model: RoomModel }) {
  const { attachments, text, replyTo } = departure;
  const failed = attachments.failed.value;
  const mark = failed ? (
    <span class="detail bad">Not sent</span>
  ) : (
    <span class="detail pending-mark" title="Goes out when its files are uploaded">
      <Icon name="clock" />
      Uploading
    </span>
  );
  return (
    <UnsentCard name={name} model={model} mark={mark} replyTo={replyTo} text={text}>
      <div class="departing-files">
        <AttachmentList attachments={attachments} />
        <button
          type="button"
          class="button small quiet"
          onClick={() => {
            departures.cancel(departure);
            // The words are not lost with the files.
            if (text !== "") model.begun.value = text;
          }}
        >
          {failed ? "Discard" : "Cancel"}
        </button>
      </div>
    </UnsentCard>
  );
}
