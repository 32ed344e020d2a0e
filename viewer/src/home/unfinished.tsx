import type { UnfinishedShare } from "@openmates-share/client";
import { useEffect, useState } from "preact/hooks";
import { counted } from "../app/dates.ts";
import { lazy } from "../app/lazy.tsx";
import { useSession } from "../app/session.ts";
import { toast } from "../app/toasts.tsx";
import { useTask } from "../app/use-task.ts";
import { FROM_FILE } from "../upload/from-file.ts";

const ResumeDialog = lazy(async () => (await import("../upload/resume-dialog.tsx")).ResumeDialog);

/** Sharings that a closed tab or a lost connection has interrupted. */
export function Unfinished() {
  const { client } = useSession();
  const [left, setLeft] = useState<readonly UnfinishedShare[]>([]);
  const [resuming, setResuming] = useState<UnfinishedShare | null>(null);
  const reload = () => client.unfinishedShares().then(setLeft, reportError);
  useEffect(() => void reload(), []);
  const { run } = useTask({ says: "toast" });
  const discard = async ({ chat }: UnfinishedShare) => {
    await client.discardShare(chat);
    await reload();
    toast("It was discarded. Nobody has seen it.");
  };
  return (
    <>
      {left.map((share) => (
        <section key={share.chat} class="sentence private row between" aria-label={`Interrupted: ${share.title}`}>
          <p>
            Sharing <b dir="auto">“{share.title || "Untitled"}”</b> was interrupted: {share.done.toLocaleString()} of{" "}
            {counted(share.total, "message")} are uploaded.
            {share.tag === FROM_FILE &&
              " Pictures and files that were still missing will be left out: the file they are in is no longer open."}
          </p>
          <span class="row">
            <button type="button" class="button small primary" onClick={() => setResuming(share)}>
              Go on with sharing
            </button>
            <button type="button" class="button small" onClick={() => run(() => discard(share))}>
              Discard
            </button>
          </span>
        </section>
      ))}
      {resuming && (
        <ResumeDialog
          share={resuming}
          onClose={() => {
            setResuming(null);
            void reload();
          }}
        />
      )}
    </>
  );
}
