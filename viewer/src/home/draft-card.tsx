import { counted, shortTime } from "../app/dates.ts";
import { Icon } from "../app/icons.tsx";
import { toast } from "../app/toasts.tsx";
import { useTask } from "../app/use-task.ts";
import { useDrafts } from "../draft/use-drafts.ts";
import type { DraftSummary } from "../storage/drafts.ts";

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
    <li class="card">
      <a class="card-link" href={`#draft=${draft.id}`}>
        <span class="card-title" dir="auto">
          {title}
        </span>
        <span class="hint">
          <span class="mark private">
            <Icon name="lock" />
            Private draft
          </span>{" "}
          {counted(draft.messages, "message")} · {shortTime(draft.importedAt)}
        </span>
      </a>
      <button
        type="button"
        class="button quiet round"
        aria-label={`Delete draft “${title}”`}
        title="Delete"
        onClick={() => run(remove)}
      >
        <Icon name="trash" />
      </button>
    </li>
  );
}
