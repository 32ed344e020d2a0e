import type { AttachedFile, ShareClient, Shared, SharingHooks, UnfinishedShare } from "@openmates-share/client";
import { useEffect, useMemo } from "preact/hooks";
import { counted } from "../app/dates.ts";
import { Dialog, DialogFoot } from "../app/dialog.tsx";
import { sentenceOf } from "../app/problem.tsx";
import { Progress } from "../app/progress.tsx";
import type { Task } from "../app/use-task.ts";

/** How far an upload is, as a person is told. */
export interface UploadProgress {
  readonly done: number;
  readonly total: number;
  /** Files that are done, of all; null when there are none. */
  readonly files: { readonly done: number; readonly total: number } | null;
  readonly waiting: boolean;
  /** A file that can't be uploaded, and what to do about it. */
  readonly failed: FailedFile | null;
}

interface FailedFile {
  readonly file: AttachedFile;
  readonly sentence: string;
  readonly decide: (what: "again" | "without") => void;
}

/** Runs uploads and tells how far they are; ends with the screen that shows it. */
class Upload {
  readonly #tell: (progress: UploadProgress) => void;
  #abort = new AbortController();
  #progress: UploadProgress = { done: 0, total: 0, files: null, waiting: false, failed: null };

  constructor(tell: (progress: UploadProgress) => void) {
    this.#tell = tell;
  }

  run(total: number, work: (hooks: SharingHooks) => Promise<Shared>): Promise<Shared> {
    this.#abort = new AbortController();
    this.#change({ done: 0, total, files: null, waiting: false, failed: null });
    return work({
      signal: this.#abort.signal,
      onProgress: (done, all) => this.#change({ done, total: all }),
      onFile: (done, all) => this.#change({ files: { done, total: all } }),
      onWaiting: (waiting) => this.#change({ waiting }),
      onFileFailed: (file, error) => this.#ask(file, error),
    });
  }

  cancel(): void {
    this.#progress.failed?.decide("without");
    this.#abort.abort();
  }

  #ask(file: AttachedFile, error: unknown): Promise<"again" | "without"> {
    return new Promise((resolve) => {
      const decide = (what: "again" | "without") => {
        this.#change({ failed: null });
        resolve(what);
      };
      this.#change({ failed: { file, sentence: sentenceOf(error), decide } });
    });
  }

  #change(change: Partial<UploadProgress>): void {
    this.#progress = { ...this.#progress, ...change };
    this.#tell(this.#progress);
  }
}

export function useUpload(tell: (progress: UploadProgress) => void): Upload {
  const upload = useMemo(() => new Upload(tell), []);
  useEffect(() => () => upload.cancel(), [upload]);
  return upload;
}

export function UploadDialog({ progress, upload }: { progress: UploadProgress; upload: Upload }) {
  const { done, total, files, waiting, failed } = progress;
  return (
    <Dialog title="Sharing…" onClose={() => upload.cancel()} busy>
      <Progress
        says={sentence(progress)}
        value={files && files.done < files.total ? files.done : done}
        max={files && files.done < files.total ? files.total : total}
        onStop={() => upload.cancel()}
      >
        {failed && (
          <div class="sentence bad" role="alert">
            <p>
              <b dir="auto">{failed.file.name || "A file"}</b> could not be uploaded. {failed.sentence}
            </p>
            <div class="row">
              <button type="button" class="button small" onClick={() => failed.decide("again")}>
                Try again
              </button>
              <button type="button" class="button small" onClick={() => failed.decide("without")}>
                Go on without it
              </button>
            </div>
          </div>
        )}
        <p class="hint">
          {waiting
            ? "The connection was lost. It goes on by itself when it is back; what is uploaded stays."
            : "Nobody can see any of it before this is complete."}
        </p>
      </Progress>
    </Dialog>
  );
}

function sentence({ done, total, files, waiting }: UploadProgress): string {
  if (waiting) return "Waiting for the connection…";
  if (files && files.done < files.total) {
    return `Encrypting and uploading files: ${files.done} of ${files.total.toLocaleString()}`;
  }
  return `Encrypting and uploading: ${done.toLocaleString()} of ${counted(total, "message")}`;
}

export function InterruptedDialog(props: {
  done: number;
  total: number;
  task: Task;
  onGoOn: () => Promise<void>;
  onDiscard: () => Promise<void>;
  onClose: () => void;
}) {
  const { done, total, task, onGoOn, onDiscard, onClose } = props;
  return (
    <Dialog title="Sharing was interrupted" onClose={onClose}>
      <p>
        {done.toLocaleString()} of {counted(total, "message")} are uploaded, encrypted. Nobody can see them yet. The
        rest is kept in this browser, so that it can go on where it stopped.
      </p>
      <DialogFoot problem={task.problem}>
        <button type="button" class="button" disabled={task.busy} onClick={() => task.run(onDiscard)}>
          Discard
        </button>
        <button type="button" class="button primary" disabled={task.busy} onClick={() => task.run(onGoOn)}>
          Go on
        </button>
      </DialogFoot>
    </Dialog>
  );
}

export async function unfinishedOf(client: ShareClient, tag: string): Promise<UnfinishedShare | null> {
  return (await client.unfinishedShares()).find((one) => one.tag === tag) ?? null;
}
