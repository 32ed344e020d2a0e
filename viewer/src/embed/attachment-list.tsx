import { useCallback, useRef } from "preact/hooks";
import { FileInput } from "../app/file-input.tsx";
import { IconButton } from "../app/icon-button.tsx";
import { Icon } from "../app/icons.tsx";
import type { Attachment, Attachments } from "./attachments.ts";
import { fileSize, safeFileName } from "./file-names.ts";
import { isDrawn } from "./image-format.ts";
import { usePicture } from "./use-picture.ts";

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
      <AttachmentSign item={item} />
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
      <IconButton icon="close" label={`Remove ${name}`} onClick={() => attachments.remove(id)} />
    </li>
  );
}

/** The picture itself, dimmed until it is uploaded; a sign for everything else. */
function AttachmentSign({ item: { file, state } }: { item: Attachment }) {
  const open = useCallback(async () => ({ blob: async () => file }), [file]);
  const picture = usePicture({
    wanted: file.type.startsWith("image/") && isDrawn({ mediaType: file.type }),
    open,
    attempt: 0,
  });
  if (picture.state === "ready") {
    return <img class={`attachment-picture ${state.name}`} src={picture.url} alt="" decoding="async" />;
  }
  return <Icon name={state.name === "ready" ? "check" : state.name === "failed" ? "alert" : "file"} />;
}

function percent(done: number, size: number): string {
  return size === 0 ? "…" : `${Math.floor((done / size) * 100)} %`;
}

/** Chooses files; on phones also from the camera. */
export function AddFiles({ attachments }: { attachments: Attachments }) {
  const picker = useRef<HTMLInputElement>(null);
  return (
    <>
      <IconButton icon="clip" label="Add files" onClick={() => picker.current?.click()} />
      <FileInput inputRef={picker} label="Files to add" multiple onFiles={(files) => attachments.add(files)} />
    </>
  );
}
