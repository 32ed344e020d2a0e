import { ClientError, type Forked, messageText } from "@openmates-share/client";
import { useEffect, useRef, useState } from "preact/hooks";
import { counted } from "../app/dates.ts";
import { Dialog } from "../app/dialog.tsx";
import { Icon } from "../app/icons.tsx";
import { go } from "../app/navigation.ts";
import { chatFragment } from "../app/route.ts";
import { announce, toast } from "../app/toasts.tsx";
import { excerpt } from "../chat/speaker.ts";
import type { Reading } from "../reading/reading.ts";
import "./fork.css";

/** Copies what one reads into a chat of one's own, to go on there. */
export function ForkDialog({ reading, onClose }: { reading: Reading; onClose: () => void }) {
  const { source } = reading;
  const branch = reading.branch.value;
  const [whole, setWhole] = useState(branch === null);
  const [done, setDone] = useState<number | null>(null);
  const abort = useRef<AbortController | null>(null);
  useEffect(() => () => abort.current?.abort(), []);
  const start = async () => {
    const controller = new AbortController();
    abort.current = controller;
    setDone(0);
    try {
      const forked = await source.fork?.({
        through: whole || branch === null ? null : branch + 1,
        onProgress: (part, all) => setDone(part / all),
        signal: controller.signal,
      });
      if (!forked) return;
      onClose();
      tell(forked);
      go(chatFragment(forked.chat));
    } catch (error) {
      setDone(null);
      if (controller.signal.aborted) return;
      toast(sentenceOf(error));
    }
  };
  return (
    <Dialog title="Continue in a chat of your own" onClose={onClose} busy={done !== null}>
      {done === null ? (
        <>
          <p>
            The messages are copied into a new chat that is yours and private, each with the signature of whoever wrote
            it. If you share it one day, readers see where it came from and that nothing was changed.
          </p>
          {branch !== null && (
            <fieldset class="group">
              <legend>How much of it</legend>
              <Choice checked={!whole} onChoose={() => setWhole(false)}>
                Up to and with this message: {beginning(reading, branch)}
              </Choice>
              <Choice checked={whole} onChoose={() => setWhole(true)}>
                All of it
              </Choice>
            </fieldset>
          )}
          {branch === null && (
            <p class="hint">
              All of it is copied. To go on from an earlier message, choose that in the message’s menu.
            </p>
          )}
          <div class="row end">
            <button type="button" class="button primary" onClick={() => void start()}>
              <Icon name="copy" />
              Copy into a chat of my own
            </button>
          </div>
        </>
      ) : (
        <>
          <p role="status">
            {done < 0.5 ? "Reading and checking the messages …" : "Encrypting them for the new chat …"}
          </p>
          <progress class="progress" aria-label="Progress" value={done} max={1} />
          <div class="row end">
            <button type="button" class="button" onClick={() => abort.current?.abort()}>
              <Icon name="close" />
              Cancel
            </button>
          </div>
        </>
      )}
    </Dialog>
  );
}

function Choice(props: { checked: boolean; onChoose: () => void; children: preact.ComponentChildren }) {
  return (
    <label class="fork-choice">
      <input type="radio" name="fork-through" checked={props.checked} onChange={props.onChoose} />
      <span dir="auto">{props.children}</span>
    </label>
  );
}

function beginning({ source }: Reading, row: number): string {
  const message = source.at(row);
  return message ? `${message.speaker}: ${excerpt(messageText(message))}` : "";
}

function tell({ copies, leftOut, unproven, filesLeftOut }: Forked): void {
  const notes = [
    leftOut > 0 && `${counted(leftOut, "message")} that were deleted or can’t be read are not in it.`,
    unproven > 0 && `${counted(unproven, "message")} had to go without proof: too long.`,
    filesLeftOut > 0 && `${counted(filesLeftOut, "file")} could not be copied.`,
  ].filter((note) => note !== false);
  const said = `${counted(copies, "message")} copied into a chat of your own.`;
  announce(said);
  toast([said, ...notes].join(" "));
}

function sentenceOf(error: unknown): string {
  if (error instanceof ClientError && !error.retryable) return error.message;
  return "The chat could not be copied. Please check your connection and try again.";
}
