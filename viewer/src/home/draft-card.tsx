import { counted, shortTime } from "../app/dates.ts";
import { IconButton } from "../app/icon-button.tsx";
import { Icon } from "../app/icons.tsx";
import { toast } from "../app/toasts.tsx";
import { useTask } from "../app/use-task.ts";
import { useDrafts } from "../draft/use-drafts.ts";
import type { DraftSummary } from "../storage/drafts.ts";
import { Card } from "./card.tsx";

export function DraftCard({ draft, reload }: { draft: DraftSummary; reload: () => Promise<void> }) {
  const drafts = useDrafts();
  const title = draft.title || "Untitled";
  const { run } = useTask({ says: "toast" });
  const remove = async () => {
    const undo = await drafts.remove(draft.id);
    await reload();
    toast(`“${title}” was deleted.`, { label: "Undo", run: () => void undo().then(reload) });
  };
  return (
    <Card
      href={`#draft=${draft.id}`}
      title={title}
      facts={
        <>
          <span class="mark private">
            <Icon name="lock" />
            Private draft
          </span>
          <span>
            {counted(draft.messages, "message")} · {shortTime(draft.importedAt)}
          </span>
        </>
      }
    >
      <IconButton icon="trash" label={`Delete draft “${title}”`} title="Delete" big onClick={() => run(remove)} />
    </Card>
  );
}
