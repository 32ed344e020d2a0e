import type { OpenedEmbed } from "@openmates-share/client";
import { Icon } from "../app/icons.tsx";
import { announce } from "../app/toasts.tsx";
import { type LongTaskHow, useLongTask } from "../app/use-long-task.ts";
import { fileSize, safeFileName } from "./file-names.ts";
import { saveFile } from "./save-file.ts";

interface Fetched {
  /** Bytes. */
  readonly done: number;
  /** 0 while it is not known. */
  readonly total: number;
}

/** Fetches, verifies and saves a file; pressed again while it does, it stops. */
export function DownloadButton(props: {
  name: string;
  open: (signal: AbortSignal) => Promise<OpenedEmbed>;
  className?: string;
}) {
  const { name, open, className = "button small" } = props;
  const { progress, run, stop } = useLongTask<Fetched>({ done: 0, total: 0 });
  const download = async ({ signal, onProgress }: LongTaskHow<Fetched>) => {
    const embed = await open(signal);
    const blob = await embed.blob({ signal, onProgress: (done, total) => onProgress({ done, total }) });
    signal.throwIfAborted();
    saveFile(blob, embed.name);
    announce(`${safeFileName(name)} was downloaded`);
  };
  return (
    <button type="button" class={className} onClick={progress ? stop : () => run(download)}>
      <Icon name={progress ? "close" : "down"} />
      {progress ? `${percent(progress)} · Stop` : "Download"}
      <span class="unseen">{` ${safeFileName(name)}`}</span>
    </button>
  );
}

function percent({ done, total }: Fetched): string {
  if (total === 0) return "0 %";
  return total < 1_000_000 ? fileSize(done) : `${Math.floor((done / total) * 100)} %`;
}
