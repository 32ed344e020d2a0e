import type { Shared, UnfinishedShare } from "@openmates-share/client";
import { useEffect, useState } from "preact/hooks";
import { Dialog, DialogFoot } from "../app/dialog.tsx";
import { go } from "../app/navigation.ts";
import { sentenceOf } from "../app/problem.tsx";
import { chatFragment } from "../app/route.ts";
import { useSession } from "../app/session.ts";
import { useDrafts } from "../draft/use-drafts.ts";
import { MadeLinks } from "../share/made-links.tsx";
import { madeOf } from "../share/make-links.ts";
import { UploadDialog, type UploadProgress, useUpload } from "./upload-dialog.tsx";

type Step =
  | { readonly step: "uploading"; readonly progress: UploadProgress | null }
  | { readonly step: "failed"; readonly sentence: string }
  | { readonly step: "done"; readonly shared: Shared };

/** Goes on with an interrupted sharing, at once. */
export function ResumeDialog({ share, onClose }: { share: UnfinishedShare; onClose: () => void }) {
  const { client } = useSession();
  const drafts = useDrafts();
  const [step, setStep] = useState<Step>({ step: "uploading", progress: null });
  const upload = useUpload((progress) => setStep({ step: "uploading", progress }));
  useEffect(() => {
    upload
      .run(share.total, (hooks) =>
        client.resumeShare(share.chat, { ...hooks, attachment: drafts.attachment(share.tag) }),
      )
      .then(async (shared) => {
        await drafts.markShared(share.tag, shared.chat).catch(reportError);
        setStep({ step: "done", shared });
      })
      .catch((error: unknown) => setStep({ step: "failed", sentence: sentenceOf(error) }));
  }, [client, drafts, share, upload]);
  if (step.step === "uploading") return step.progress && <UploadDialog progress={step.progress} upload={upload} />;
  if (step.step === "failed") {
    return (
      <Dialog title="Sharing stopped" onClose={onClose}>
        <p role="alert">{step.sentence}</p>
        <DialogFoot>
          <button type="button" class="button" onClick={onClose}>
            Close
          </button>
        </DialogFoot>
      </Dialog>
    );
  }
  const { shared } = step;
  const open = () => {
    onClose();
    go(chatFragment(shared.chat));
  };
  return (
    <Dialog title="Your chat is shared" onClose={open} wide={shared.address !== null}>
      <MadeLinks chat={shared.chat} made={madeOf(shared)} title={share.title} hasPassword={share.hasPassword} />
      <DialogFoot>
        <button type="button" class="button" onClick={open}>
          Done
        </button>
      </DialogFoot>
    </Dialog>
  );
}
