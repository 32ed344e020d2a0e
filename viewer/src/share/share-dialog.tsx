import {
  type ChatId,
  ClientError,
  type Conversation,
  LIMITS,
  messageText,
  type Shared,
  type SharingHooks,
} from "@openmates-share/client";
import { useEffect, useState } from "preact/hooks";
import { counted } from "../app/dates.ts";
import { Dialog, DialogFoot } from "../app/dialog.tsx";
import { DialogForm } from "../app/dialog-form.tsx";
import { go } from "../app/navigation.ts";
import { readPreference, writePreference } from "../app/preferences.ts";
import { chatFragment } from "../app/route.ts";
import { useSession } from "../app/session.ts";
import { TextField } from "../app/text-field.tsx";
import { useTask } from "../app/use-task.ts";
import { excerpt } from "../chat/speaker.ts";
import { useDrafts } from "../draft/use-drafts.ts";
import {
  InterruptedDialog,
  UploadDialog,
  type UploadProgress,
  unfinishedOf,
  useUpload,
} from "../upload/upload-dialog.tsx";
import {
  AudienceChoice,
  checkSettings,
  DEFAULT_SETTINGS,
  type LinkSettings,
  linkOptions,
  ModeChoice,
  MoreOptions,
  recipientsOf,
} from "./link-settings.tsx";
import { MadeLinks } from "./made-links.tsx";
import { type Made, madeOf, makeLinks } from "./make-links.ts";
import { OwnerNameField } from "./owner-name-field.tsx";
import { PreviewChoice, type PreviewSettings, previewOf } from "./preview-settings.tsx";
import type { Facts } from "./who-sees.ts";
import { WhoSeesWhat } from "./who-sees-what.tsx";

type Step =
  | { readonly step: "settings" }
  | { readonly step: "uploading"; readonly progress: UploadProgress }
  /** The connection broke; what was uploaded is kept. */
  | { readonly step: "interrupted"; readonly chat: ChatId; readonly done: number; readonly total: number }
  | { readonly step: "done"; readonly chat: ChatId; readonly made: Made };

/** A draft becomes a shared chat: the first time that anything leaves the browser. */
export function ShareDialog(props: { draft: string; conversation: Conversation; onClose: () => void }) {
  const { draft, conversation, onClose } = props;
  const { client } = useSession();
  const drafts = useDrafts();
  const [title, setTitle] = useState(conversation.title);
  const [name, setName] = useState(readPreference("name") ?? "");
  const [link, setLink] = useState(DEFAULT_SETTINGS);
  const [preview, setPreview] = useState(() => suggestPreview(conversation));
  const [step, setStep] = useState<Step>({ step: "settings" });
  const task = useTask();
  const upload = useUpload((progress) => setStep({ step: "uploading", progress }));
  useEffect(() => {
    // It may have been interrupted before: then there is nothing to set again.
    unfinishedOf(client, draft)
      .then((left) => left && setStep({ step: "interrupted", ...left }))
      .catch(reportError);
  }, [client, draft]);

  const finish = async (work: (hooks: SharingHooks) => Promise<Shared>) => {
    try {
      const shared = await upload.run(conversation.messages.length, work);
      const { chat } = shared;
      // The chat is shared, whatever becomes of the draft.
      await drafts.markShared(draft, chat).catch(reportError);
      setStep({ step: "done", chat, made: madeOf(shared) });
    } catch (error) {
      const left = await unfinishedOf(client, draft).catch(() => null);
      if (left) return setStep({ step: "interrupted", ...left });
      setStep({ step: "settings" });
      const cancelled = error instanceof ClientError && error.code === "aborted";
      if (!cancelled) throw error;
    }
  };
  const share = async () => {
    checkSettings(link);
    if (name.trim()) writePreference("name", name.trim());
    const [address = null, ...others] = recipientsOf(link);
    await finish((hooks) =>
      client.share(
        { ...conversation, title: title.trim() || "Untitled chat" },
        {
          ...linkOptions(link),
          address,
          alsoFor: others.filter((other) => other !== null),
          preview: previewOf(preview),
          ...(link.mode === "collaborative" && name.trim() ? { name: name.trim() } : {}),
          resumable: { tag: draft },
          ...hooks,
        },
      ),
    );
  };

  if (step.step === "done") {
    const { chat, made } = step;
    const close = () => {
      onClose();
      go(chatFragment(chat), { replace: true });
    };
    const retry = async () => {
      const recipients = made.unmade.map(({ address }) => address);
      const again = await makeLinks(client, chat, { recipients, options: linkOptions(link) });
      setStep({ ...step, made: { links: [...made.links, ...again.links], unmade: again.unmade } });
    };
    const [first] = made.links;
    return (
      <Dialog key="done" title="Your chat is shared" onClose={close} wide={first?.address !== null}>
        <MadeLinks chat={chat} made={made} title={title} hasPassword={link.password !== ""} onRetry={retry} />
        <DialogFoot>
          <button type="button" class="button" onClick={close}>
            Done
          </button>
        </DialogFoot>
      </Dialog>
    );
  }
  if (step.step === "uploading") return <UploadDialog progress={step.progress} upload={upload} />;
  if (step.step === "interrupted") {
    const { chat } = step;
    const discard = async () => {
      await client.discardShare(chat);
      setStep({ step: "settings" });
    };
    const goOn = () =>
      finish((hooks) => {
        const { attachment } = conversation;
        return client.resumeShare(chat, { ...hooks, ...(attachment ? { attachment } : {}) });
      });
    return (
      <InterruptedDialog
        done={step.done}
        total={step.total}
        onClose={onClose}
        task={task}
        onGoOn={goOn}
        onDiscard={discard}
      />
    );
  }
  return (
    <Dialog title="Share this chat" onClose={onClose}>
      <DialogForm
        task={task}
        onSubmit={share}
        submit={recipientsOf(link).length > 1 ? `Create ${recipientsOf(link).length} links` : "Create link"}
        onCancel={onClose}
      >
        <TextField label="Title" value={title} maxLength={LIMITS.title} onInput={setTitle} />
        <AudienceChoice settings={link} onChange={setLink} />
        <ModeChoice mode={link.mode} onChange={(mode) => setLink({ ...link, mode })} />
        <p class="sentence" aria-live="polite">
          {link.audience === "public" ? "Visible to everyone with the link" : "Visible to the people you name"}: all{" "}
          {counted(conversation.messages.length, "message")} of this chat
          {link.mode === "collaborative" && ", and everything that is written in it later"}.
        </p>
        {link.mode === "collaborative" && <OwnerNameField value={name} onInput={setName} />}
        <div class="folds">
          <MoreOptions
            settings={link}
            onChange={(next) => {
              // A password says that strangers should know nothing: the card goes back to saying nothing, once.
              if (link.password === "" && next.password !== "") setPreview({ ...preview, shown: false });
              setLink(next);
            }}
          />
          <PreviewChoice settings={preview} hasPassword={link.password !== ""} onChange={setPreview} />
          <WhoSeesWhat facts={factsOf(link, preview)} />
        </div>
      </DialogForm>
    </Dialog>
  );
}

function factsOf(link: LinkSettings, preview: PreviewSettings): Facts {
  const links = recipientsOf(link).map((address) => ({ mode: link.mode, address, password: link.password !== "" }));
  return { links, preview: preview.shown, mailed: link.audience === "named" };
}

function suggestPreview({ title, messages }: Conversation): PreviewSettings {
  const asked = messages.find(({ role }) => role === "user");
  const first = asked ? messageText(asked) : "";
  return {
    shown: false,
    title: title.slice(0, LIMITS.previewTitle),
    summary: excerpt(first, 150),
    category: "general_knowledge",
  };
}
