import type { OpenedEmbed } from "@openmates-share/client";
import { useEffect, useRef, useState } from "preact/hooks";
import { Icon } from "../app/icons.tsx";
import { sentenceOf } from "../app/problem.tsx";
import { announce, toast } from "../app/toasts.tsx";
import { fileSize, safeFileName } from "./file-names.ts";
import { saveFile } from "./save-file.ts";

/** Fetches, verifies and saves a file; pressed again while it does, it stops. */
export function DownloadButton(props: {
  name: string;
  open: (signal: AbortSignal) => Promise<OpenedEmbed>;
  className?: string;
}) {
  const { name, open, className = "button small" } = props;
  const [progress, setProgress] = useState<{ done: number; total: number } | null>(null);
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);
  const download = async () => {
    if (running.current) return running.current.abort();
    const abort = new AbortController();
    running.current = abort;
    setProgress({ done: 0, total: 0 });
    try {
      const embed = await open(abort.signal);
      const onProgress = (done: number, total: number) => setProgress({ done, total });
      saveFile(await embed.blob({ signal: abort.signal, onProgress }), embed.name);
      announce(`${safeFileName(name)} was downloaded`);
    } catch (error) {
      if (!abort.signal.aborted) toast(sentenceOf(error));
    } finally {
      running.current = null;
      setProgress(null);
    }
  };
  return (
    <button type="button" class={className} onClick={() => void download()}>
      <Icon name={progress ? "close" : "down"} />
      {progress ? `${percent(progress)} · Stop` : "Download"}
      <span class="unseen">{` ${safeFileName(name)}`}</span>
    </button>
  );
}

function percent({ done, total }: { done: number; total: number }): string {
  if (total === 0) return "0 %";
  return total < 1_000_000 ? fileSize(done) : `${Math.floor((done / total) * 100)} %`;
}
