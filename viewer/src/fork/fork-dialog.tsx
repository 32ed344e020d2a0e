import { type Forked, messageText } from "@openmates-share/client";
import { useState } from "preact/hooks";
import { Choices } from "../app/choices.tsx";
import { counted } from "../app/dates.ts";
import { Dialog, DialogFoot } from "../app/dialog.tsx";
import { Icon } from "../app/icons.tsx";
import { go } from "../app/navigation.ts";
import { Progress } from "../app/progress.tsx";
import { chatFragment } from "../app/route.ts";
import { announce, toast } from "../app/toasts.tsx";
import { type LongTaskHow, useLongTask } from "../app/use-long-task.ts";
import { excerpt } from "../chat/speaker.ts";
import type { Reading } from "../reading/reading.ts";
import "./fork.css";

/** Copies what one reads into a chat of one's own, to go on there. */
export function ForkDialog({ reading, onClose }: { reading: Reading; onClose: () => void }) {
  const { source } = reading;
  const branch = reading.branch.value;
  const [whole, setWhole] = useState(branch === null);
  const { progress, run, stop } = useLongTask(0);
  const copy = async ({ signal, onProgress }: LongTaskHow<number>) => {
    const forked = await source.fork?.({
      through: whole || branch === null ? null : branch + 1,
      onProgress: (part, all) => onProgress(part / all),
      signal,
    });
    if (!forked) return;
    onClose();
    tell(forked);
    go(chatFragment(forked.chat));
  };
  return (
    <Dialog title="Continue in a chat of your own" onClose={onClose} busy={progress !== null}>
      {progress === null ? (
        <>
          <p>
            The messages are copied into a new chat that is yours and private, each with the signature of whoever wrote
            it. If you share it one day, readers see where it came from and that nothing was changed.
          </p>
          {branch !== null && (
            <Choices
              legend="How much of it"
              options={[
                { value: false, name: "Up to and with this message", hint: beginning(reading, branch) },
                { value: true, name: "All of it" },
              ]}
              value={whole}
              onChange={setWhole}
            />
          )}
          {branch === null && (
            <p class="hint">
              All of it is copied. To go on from an earlier message, choose that in the message’s menu.
            </p>
          )}
          <DialogFoot>
            <button type="button" class="button" onClick={onClose}>
              Cancel
            </button>
            <button type="button" class="button primary" onClick={() => run(copy)}>
              <Icon name="copy" />
              Copy to my own chat
            </button>
          </DialogFoot>
        </>
      ) : (
        <Progress
          says={progress < 0.5 ? "Reading and checking the messages…" : "Encrypting them for the new chat…"}
          value={progress}
          max={1}
          onStop={stop}
        />
      )}
    </Dialog>
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
