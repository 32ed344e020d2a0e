import type { OpenedEmbed } from "@openmates-share/client";
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { Dialog } from "../app/dialog.tsx";
import { Icon } from "../app/icons.tsx";
import { useTask } from "../app/use-task.ts";
import { DownloadButton } from "./download-button.tsx";
import { fileSize, kindOf, safeFileName } from "./file-names.ts";
import { isReadable, TextView } from "./text-view.tsx";

export interface FileViewProps {
  readonly name: string;
  readonly type: string;
  readonly mediaType: string;
  /** Bytes, null when nobody knows. */
  readonly size: number | null;
  readonly open: (signal: AbortSignal) => Promise<OpenedEmbed>;
  /** Further things to do with it. */
  readonly children?: ComponentChildren;
}

/** A file as a card: what it is, and what can be done with it. */
export function FileView({ name, type, mediaType, size, open, children }: FileViewProps) {
  const [shown, setShown] = useState<OpenedEmbed | null>(null);
  const title = safeFileName(name);
  const { run } = useTask({ says: "toast" });
  const preview = async () => {
    setShown(await open(new AbortController().signal));
  };
  return (
    <div class="embed-file">
      <span class="embed-file-icon">
        <Icon name={type === "image" ? "image" : "file"} />
      </span>
      <div class="embed-file-facts">
        <b>
          <bdi>{title}</bdi>
        </b>
        <span class="hint">
          {kindOf(type)}
          {size !== null && ` · ${fileSize(size)}`}
        </span>
      </div>
      <div class="embed-file-actions">
        {isReadable({ type, mediaType, name, size: size ?? 0 }) && (
          <button type="button" class="button small" onClick={() => run(preview)}>
            <Icon name="eye" />
            Preview<span class="unseen">{` ${title}`}</span>
          </button>
        )}
        <DownloadButton name={name} open={open} />
        {children}
      </div>
      {shown && (
        <Dialog title={title} wide onClose={() => setShown(null)}>
          <TextView embed={shown} />
        </Dialog>
      )}
    </div>
  );
}
