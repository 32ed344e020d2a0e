import { useState } from "preact/hooks";
import { counted } from "../app/dates.ts";
import { Dialog } from "../app/dialog.tsx";
import { Progress } from "../app/progress.tsx";
import { toast } from "../app/toasts.tsx";
import { useLongTask } from "../app/use-long-task.ts";
import { saveFile } from "../embed/save-file.ts";
import { KeepForm } from "./keep-form.tsx";
import type { Reading } from "./reading.ts";
import { FORMS, type Form, fileName, writerOf } from "./written.ts";

/** Text is handed to the browser in pieces of about this size, which it may put on disk. Characters. */
const PIECE = 1_000_000;

/** Keeps a copy of the chat: everything is read once more, page by page. */
export function DownloadDialog({ reading, onClose }: { reading: Reading; onClose: () => void }) {
  const { progress, run, stop } = useLongTask(0);
  const [keeping, setKeeping] = useState(false);
  const { length, keep, title } = reading.source;
  const start = (form: Form, make: (how: Making) => Promise<Blob>) =>
    run(async (how) => {
      const file = await make(how);
      how.signal.throwIfAborted();
      saveFile(file, fileName(title, form));
      onClose();
    });
  const write = (form: "markdown" | "json") => start(form, (how) => collect(reading, { form, ...how }));
  const keepPage = (password: string) =>
    start("html", async (how) => {
      if (!keep) throw new TypeError("nothing to keep");
      const { file, leftOut } = await keep({ password, ...how });
      if (leftOut > 0) toast(`${counted(leftOut, "file")} could not be put in: too large together, or not to be had.`);
      return file;
    });
  return (
    <Dialog title="Download this chat" onClose={onClose} busy={progress !== null}>
      {progress === null && keeping ? (
        <KeepForm onKeep={keepPage} onBack={() => setKeeping(false)} />
      ) : progress === null ? (
        <>
          <p>
            {counted(length, "message")}, decrypted in your browser. Markdown and JSON are not encrypted: keep them
            safe.
          </p>
          <div class="choices">
            <button type="button" class="choice-button" onClick={() => write("markdown")}>
              <b>Markdown</b>
              <span>To read, print, or paste elsewhere</span>
            </button>
            <button type="button" class="choice-button" onClick={() => write("json")}>
              <b>JSON</b>
              <span>To bring back here, or to work with in programs</span>
            </button>
            {keep && (
              <button type="button" class="choice-button" onClick={() => setKeeping(true)}>
                <b>Sealed web page</b>
                <span>To read offline, with pictures, proof of the seal and a password if you like</span>
              </button>
            )}
          </div>
        </>
      ) : (
        <Progress
          says={`${progress.toLocaleString()} of ${counted(length, "message")}`}
          value={progress}
          max={length}
          onStop={stop}
        />
      )}
    </Dialog>
  );
}

interface Making {
  readonly signal: AbortSignal;
  readonly onProgress: (done: number) => void;
}

async function collect({ source }: Reading, options: Making & { form: "markdown" | "json" }): Promise<Blob> {
  const { form, signal, onProgress } = options;
  const type = FORMS[form].mediaType;
  const writer = writerOf(form, { title: source.title });
  const pieces: Blob[] = [];
  let text = writer.head;
  for await (const messages of source.read({ signal })) {
    for (const message of messages) text += writer.message(message);
    if (text.length > PIECE) {
      pieces.push(new Blob([text]));
      text = "";
    }
    onProgress((messages.at(-1)?.index ?? 0) + 1);
  }
  return new Blob([...pieces, text + writer.tail], { type });
}
