import {
  type ChatId,
  ClientError,
  type Conversation,
  LIMITS,
  messageText,
  type SharedChat,
  type SharingHooks,
} from "@openmates-share/client";
import { useEffect, useState } from "preact/hooks";
import { counted } from "../app/dates.ts";
import { Dialog } from "../app/dialog.tsx";
import { go } from "../app/navigation.ts";
import { readPreference, writePreference } from "../app/preferences.ts";
import { sentenceOf } from "../app/problem.tsx";
import { chatFragment } from "../app/route.ts";
import { useSession } from "../app/session.ts";
import { toast } from "../app/toasts.tsx";
import { excerpt } from "../chat/speaker.ts";
import {
  InterruptedDialog,
  UploadDialog,
  type UploadProgress,
  unfinishedOf,
  useUpload,
} from "../upload/upload-dialog.tsx";
import { LinkResult } from "./link-result.tsx";
import { DEFAULT_SETTINGS, linkOptions, ModeChoice, PasswordAndExpiry } from "./link-settings.tsx";
import { PreviewChoice, type PreviewSettings, previewOf } from "./preview-settings.tsx";
import { WhoSeesWhat } from "./who-sees-what.tsx";

type Step =
  | { readonly step: "settings"; readonly problem: string | null }
  | { readonly step: "uploading"; readonly progress: UploadProgress }
  /** The connection broke; what was uploaded is kept. */
  | { readonly step: "interrupted"; readonly chat: ChatId; readonly done: number; readonly total: number }
  | { readonly step: "done"; readonly shared: SharedChat };

/** A draft becomes a shared chat: the first time that anything leaves the browser. */
export function ShareDialog(props: { draft: string; conversation: Conversation; onClose: () => void }) {
  const { draft, conversation, onClose } = props;
  const { client, drafts } = useSession();
  const [title, setTitle] = useState(conversation.title);
  const [name, setName] = useState(readPreference("name") ?? "");
  const [link, setLink] = useState(DEFAULT_SETTINGS);
  const [preview, setPreview] = useState(() => suggestPreview(conversation));
  const [step, setStep] = useState<Step>({ step: "settings", problem: null });
  const upload = useUpload((progress) => setStep({ step: "uploading", progress }));
  useEffect(() => {
    // It may have been interrupted before: then there is nothing to set again.
    unfinishedOf(client, draft)
      .then((left) => left && setStep({ step: "interrupted", ...left }))
      .catch(reportError);
  }, [client, draft]);

  const finish = async (work: (hooks: SharingHooks) => Promise<SharedChat>) => {
    try {
      const shared = await upload.run(conversation.messages.length, work);
      // The chat is shared, whatever becomes of the draft.
      await drafts.markShared(draft, shared.chat).catch(reportError);
      setStep({ step: "done", shared });
    } catch (error) {
      const left = await unfinishedOf(client, draft).catch(() => null);
      if (left) return setStep({ step: "interrupted", ...left });
      const cancelled = error instanceof ClientError && error.code === "aborted";
      setStep({ step: "settings", problem: cancelled ? null : sentenceOf(error) });
    }
  };
  const share = async () => {
    if (name.trim()) writePreference("name", name.trim());
    await finish((hooks) =>
      client.share(
        { ...conversation, title: title.trim() || "Untitled chat" },
        {
          ...linkOptions(link),
          preview: previewOf(preview),
          ...(link.mode === "collaborative" && name.trim() ? { name: name.trim() } : {}),
          resumable: { tag: draft },
          ...hooks,
        },
      ),
    );
  };

  if (step.step === "done") {
    const close = () => {
      onClose();
      go(chatFragment(step.shared.chat), { replace: true });
    };
    return (
      <Dialog title="Your chat is shared" onClose={close}>
        <LinkResult url={step.shared.url} hasPassword={link.password !== ""} title={title} />
        <div class="row end">
          <button type="button" class="button" onClick={close}>
            Done
          </button>
        </div>
      </Dialog>
    );
  }
  if (step.step === "uploading") return <UploadDialog progress={step.progress} upload={upload} />;
  if (step.step === "interrupted") {
    const { chat } = step;
    const discard = async () => {
      await client.discardShare(chat);
      setStep({ step: "settings", problem: null });
    };
    return (
      <InterruptedDialog
        done={step.done}
        total={step.total}
        onClose={onClose}
        onGoOn={() =>
          void finish((hooks) => {
            const { attachment } = conversation;
            return client.resumeShare(chat, { ...hooks, ...(attachment ? { attachment } : {}) });
          })
        }
        onDiscard={() => void discard().catch((error: unknown) => toast(sentenceOf(error)))}
      />
    );
  }
  return (
    <Dialog title="Share this chat" onClose={onClose}>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void share();
        }}
      >
        <div class="field">
          <label for="share-title">Title</label>
          <input
            id="share-title"
            class="input"
            value={title}
            maxLength={LIMITS.title}
            autoComplete="off"
            dir="auto"
            onInput={({ currentTarget }) => setTitle(currentTarget.value)}
          />
        </div>
        <ModeChoice settings={link} onChange={setLink} />
        <p class="sentence">
          Visible to people with the link: all {counted(conversation.messages.length, "message")} of this chat
          {link.mode === "collaborative" && ", and everything that is written in it later"}.
        </p>
        {link.mode === "collaborative" && (
          <div class="field">
            <label for="share-name">Your name in the chat</label>
            <input
              id="share-name"
              class="input"
              value={name}
              maxLength={LIMITS.name}
              autoComplete="nickname"
              placeholder="Owner"
              dir="auto"
              onInput={({ currentTarget }) => setName(currentTarget.value)}
            />
          </div>
        )}
        <PasswordAndExpiry
          settings={link}
          onChange={(next) => {
            // A password says that strangers should know nothing: the card goes back to saying nothing, once.
            if (link.password === "" && next.password !== "") setPreview({ ...preview, shown: false });
            setLink(next);
          }}
        />
        <PreviewChoice settings={preview} hasPassword={link.password !== ""} onChange={setPreview} />
        <WhoSeesWhat modes={[link.mode]} password={link.password !== ""} preview={preview.shown} />
        {step.problem && (
          <p class="sentence bad" role="alert">
            {step.problem}
          </p>
        )}
        <div class="row end dialog-foot">
          <button type="button" class="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" class="button primary">
            Create link
          </button>
        </div>
      </form>
    </Dialog>
  );
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
