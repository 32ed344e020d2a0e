import { Icon } from "../app/icons.tsx";
import type { Attachment, Attachments } from "./attachments.ts";
import { fileSize, safeFileName } from "./file-names.ts";

/** What the message being written will carry. */
export function AttachmentList({ attachments }: { attachments: Attachments }) {
  const { value } = attachments.list;
  if (value.length === 0) return null;
  return (
    <ul class="attachments" aria-label="Attached">
      {value.map((item) => (
        <AttachmentRow key={item.id} item={item} attachments={attachments} />
      ))}
    </ul>
  );
}

function AttachmentRow({ item, attachments }: { item: Attachment; attachments: Attachments }) {
  const { id, size, state } = item;
  const name = safeFileName(item.name);
  return (
    <li class={state.name === "failed" ? "attachment failed" : "attachment"}>
      <Icon name={state.name === "ready" ? "check" : state.name === "failed" ? "alert" : "file"} />
      <span class="attachment-name" dir="auto">
        {name}
      </span>
      {state.name === "failed" ? (
        <span role="alert">{state.sentence}</span>
      ) : (
        <span class="hint">{state.name === "ready" ? fileSize(size) : percent(state.done, size)}</span>
      )}
      {state.name === "uploading" && (
        <progress max={Math.max(size, 1)} value={state.done} aria-label={`Uploading ${name}`} />
      )}
      {state.name === "failed" && (
        <button type="button" class="text-button" onClick={() => attachments.retry(id)}>
          Try again
        </button>
      )}
      <button
        type="button"
        class="button quiet round small"
        aria-label={`Remove ${name}`}
        title={`Remove ${name}`}
        onClick={() => attachments.remove(id)}
      >
        <Icon name="close" />
      </button>
    </li>
  );
}

function percent(done: number, size: number): string {
  return size === 0 ? "…" : `${Math.floor((done / size) * 100)} %`;
}

/** Chooses files; on phones also from the camera. */
export function AddFiles({ attachments }: { attachments: Attachments }) {
  return (
    <label class="button quiet round small add-files" title="Add files">
      <Icon name="clip" />
      <input
        type="file"
        multiple
        class="unseen"
        aria-label="Add files"
        onChange={({ currentTarget }) => {
          attachments.add([...(currentTarget.files ?? [])]);
          // So that the same file can be chosen again.
          currentTarget.value = "";
        }}
      />
    </label>
  );
}
