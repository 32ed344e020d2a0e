import { ClientError } from "@openmates-share/client";
import { useEffect, useRef, useState } from "preact/hooks";
import { counted } from "../app/dates.ts";
import { Dialog } from "../app/dialog.tsx";
import { Icon } from "../app/icons.tsx";
import { toast } from "../app/toasts.tsx";
import { KeepForm } from "./keep-form.tsx";
import type { Reading } from "./reading.ts";
import { FORMS, type Form, fileName, writerOf } from "./written.ts";

/** Text is handed to the browser in pieces of about this size, which it may put on disk. Characters. */
const PIECE = 1_000_000;
/** The browser has taken the file by then. Milliseconds. */
const TAKEN = 60_000;

/** Keeps a copy of the chat: everything is read once more, page by page. */
export function DownloadDialog({ reading, onClose }: { reading: Reading; onClose: () => void }) {
  const [done, setDone] = useState<number | null>(null);
  const abort = useRef<AbortController | null>(null);
  useEffect(() => () => abort.current?.abort(), []);
  const [keeping, setKeeping] = useState(false);
  const { length, keep, title } = reading.source;
  const start = async (form: Form, make: (how: Making) => Promise<Blob>) => {
    const controller = new AbortController();
    abort.current = controller;
    setDone(0);
    try {
      const file = await make({ signal: controller.signal, onProgress: setDone });
      if (controller.signal.aborted) return;
      hand(file, fileName(title, form));
      onClose();
    } catch (error) {
      if (error instanceof ClientError && error.code === "not_allowed") toast(error.message);
      if (controller.signal.aborted) return;
      setDone(null);
      toast("The chat could not be read to its end. Please check your connection and try again.");
    }
  };
  const cancel = () => {
    abort.current?.abort();
    setDone(null);
  };
  const write = (form: "markdown" | "json") => void start(form, (how) => collect(reading, { form, ...how }));
  const keepPage = (password: string) =>
    void start("html", async (how) => {
      if (!keep) throw new TypeError("nothing to keep");
      const { file, leftOut } = await keep({ password, ...how });
      if (leftOut > 0) toast(`${counted(leftOut, "file")} could not be put in: too large together, or not to be had.`);
      return file;
    });
  return (
    <Dialog title="Download this chat" onClose={onClose} busy={done !== null}>
      {done === null && keeping ? (
        <KeepForm onKeep={keepPage} onBack={() => setKeeping(false)} />
      ) : done === null ? (
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
        <>
          <p role="status">
            {done.toLocaleString()} of {counted(length, "message")}
          </p>
          <progress class="progress" aria-label="Progress" value={done} max={Math.max(1, length)} />
          <div class="row end">
            <button type="button" class="button" onClick={cancel}>
              <Icon name="close" />
              Cancel
            </button>
          </div>
        </>
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

function hand(file: Blob, name: string): void {
  const url = URL.createObjectURL(file);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), TAKEN);
}
