import { ClientError, plainLine } from "@openmates-share/client";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { Check } from "../app/check.tsx";
import { CopyButton } from "../app/copy.tsx";
import { counted } from "../app/dates.ts";
import { Dialog, DialogFoot } from "../app/dialog.tsx";
import { DialogForm } from "../app/dialog-form.tsx";
import { sentenceOf } from "../app/problem.tsx";
import { Progress } from "../app/progress.tsx";
import { useSession } from "../app/session.ts";
import { useTask } from "../app/use-task.ts";
import { checkLimits, DEFAULT_SETTINGS, linkOptions, ModeChoice, PasswordAndExpiry } from "../share/link-settings.tsx";
import { FROM_FILE } from "../upload/from-file.ts";
import { type FileReading, findSecretsOf, maskedCopy } from "./file-reader.ts";

interface SharedOne {
  readonly index: number;
  readonly title: string;
  readonly url: string;
}

/** A file that the server did not take. */
interface LeftOut {
  readonly chat: string;
  readonly file: string;
  readonly reason: string;
}

type Step =
  | { readonly step: "settings" }
  | { readonly step: "sharing"; readonly title: string; readonly done: number; readonly total: number }
  /** `problem`: why it stopped before the last one; null when it did not. */
  | { readonly step: "done"; readonly problem: string | null };

/** Shares several conversations of a file, one after the other, each with a link of its own. */
export function ShareManyDialog(props: { reading: FileReading; indexes: readonly number[]; onClose: () => void }) {
  const { reading, indexes, onClose } = props;
  const { client } = useSession();
  const [link, setLink] = useState(DEFAULT_SETTINGS);
  const [masking, setMasking] = useState(true);
  const [step, setStep] = useState<Step>({ step: "settings" });
  const [shared, setShared] = useState<readonly SharedOne[]>([]);
  const [leftOut, setLeftOut] = useState<readonly LeftOut[]>([]);
  const task = useTask();
  const abort = useRef(new AbortController());
  useEffect(() => () => abort.current.abort(), []);

  const share = async () => {
    checkLimits(link);
    abort.current = new AbortController();
    const { signal } = abort.current;
    const done = [...shared];
    try {
      // In the order of the file, which is how it is read fastest; what is done already is not done again.
      for (const index of indexes.filter((each) => !done.some((one) => one.index === each))) {
        const { title } = reading.list.conversations[index] ?? { title: "" };
        const tell = (messages: number, total: number) => setStep({ step: "sharing", title, done: messages, total });
        tell(0, 1);
        const conversation = await reading.read(index);
        const secrets = masking ? await findSecretsOf(conversation) : [];
        const copy = await maskedCopy(conversation, new Set(secrets.map(({ value }) => value)));
        signal.throwIfAborted();
        const { url } = await client.share(
          { ...conversation, ...copy },
          {
            ...linkOptions(link),
            resumable: { tag: FROM_FILE },
            onFileFailed: async (file, error) => {
              setLeftOut((before) => [
                ...before,
                { chat: title, file: plainLine(file.name), reason: sentenceOf(error) },
              ]);
              return "without";
            },
            onProgress: tell,
            signal,
          },
        );
        done.push({ index, title: copy.title, url });
        setShared([...done]);
      }
      setStep({ step: "done", problem: null });
    } catch (error) {
      const cancelled = signal.aborted || (error instanceof ClientError && error.code === "aborted");
      setStep({ step: "done", problem: cancelled ? "Sharing was cancelled." : sentenceOf(error) });
    }
  };

  if (step.step === "sharing") {
    return (
      <Dialog title="Sharing…" onClose={() => abort.current.abort()} busy>
        <Progress
          says={`${shared.length.toLocaleString()} of ${counted(indexes.length, "conversation")} shared`}
          value={shared.length + step.done / Math.max(step.total, 1)}
          max={indexes.length}
          onStop={() => abort.current.abort()}
        >
          <p class="hint" dir="auto">
            {step.title}
          </p>
        </Progress>
      </Dialog>
    );
  }
  if (step.step === "done") {
    return (
      <Dialog
        title={shared.length === indexes.length ? "Your chats are shared" : "Not all chats are shared"}
        onClose={onClose}
        wide
      >
        {step.problem && (
          <p class="sentence bad" role="alert">
            {step.problem}{" "}
            <button type="button" class="text-button" onClick={() => task.run(share)}>
              Go on with the other {(indexes.length - shared.length).toLocaleString()}
            </button>
          </p>
        )}
        <LinkList shared={shared} />
        {leftOut.length > 0 && <LeftOutList files={leftOut} />}
        <p class="hint">
          {link.password === ""
            ? "Whoever has a link can open its chat."
            : "Each link opens with the password you chose."}{" "}
          Each chat is in “My chats”, where its links can be changed or revoked.
        </p>
        <DialogFoot>
          {shared.length > 0 && (
            <CopyButton
              text={() => shared.map(({ title, url }) => `${title}\n${url}`).join("\n\n")}
              label="Copy all"
              className="button primary"
            />
          )}
          <button type="button" class="button" onClick={onClose}>
            Done
          </button>
        </DialogFoot>
      </Dialog>
    );
  }
  return (
    <Dialog title={`Share ${counted(indexes.length, "conversation")}`} onClose={onClose}>
      <DialogForm task={task} onSubmit={share} submit={`Create ${counted(indexes.length, "link")}`} onCancel={onClose}>
        <p class="sentence">Each becomes a chat with a link of its own. These settings are for all of them.</p>
        <ModeChoice mode={link.mode} onChange={(mode) => setLink({ ...link, mode })} />
        <PasswordAndExpiry settings={link} onChange={setLink} />
        <Check checked={masking} onChange={setMasking}>
          Mask keys, passwords, e-mail addresses, phone and account numbers that are found
        </Check>
      </DialogForm>
    </Dialog>
  );
}

function LeftOutList({ files }: { files: readonly LeftOut[] }) {
  return (
    <details class="sentence bad">
      <summary>{counted(files.length, "file")} left out: named in the chats, and not there</summary>
      <ul>
        {files.map(({ chat, file, reason }, index) => (
          <li key={index}>
            <b dir="auto">{file}</b> of <bdi>“{chat}”</bdi>: {reason}
          </li>
        ))}
      </ul>
    </details>
  );
}

function LinkList({ shared }: { shared: readonly SharedOne[] }) {
  const id = useId();
  if (shared.length === 0) return null;
  return (
    <ul class="shared-list" aria-label="Links">
      {shared.map(({ index, title, url }) => (
        <li key={index}>
          <label for={`${id}-${index}`} dir="auto">
            {title}
          </label>
          <div class="with-button">
            <input
              id={`${id}-${index}`}
              class="input link-text"
              readOnly
              value={url}
              onFocus={(event) => event.currentTarget.select()}
            />
            <CopyButton text={() => url} label={`Copy the link of “${title}”`} className="button" iconOnly />
          </div>
        </li>
      ))}
    </ul>
  );
}
