import type { ImportProgress } from "@openmates-share/importers";
import { useRef, useState } from "preact/hooks";
import { counted } from "../app/dates.ts";
import { FileInput } from "../app/file-input.tsx";
import { Icon } from "../app/icons.tsx";
import { lazy } from "../app/lazy.tsx";
import { cameFromAnotherScreen, go } from "../app/navigation.ts";
import { Page } from "../app/page.tsx";
import { readPreference } from "../app/preferences.ts";
import { sentenceOf } from "../app/problem.tsx";
import { useSession } from "../app/session.ts";
import { toast } from "../app/toasts.tsx";
import { useDrafts } from "../draft/use-drafts.ts";
import { dismissIntake, intake, takeFile, takeText } from "../import/intake.ts";
import type { Drafts } from "../storage/drafts.ts";
import { usePaste } from "./use-paste.ts";
import { WhereFrom } from "./where-from.tsx";

const MyChats = lazy(async () => (await import("./my-chats.tsx")).MyChats);
const NewChatDialog = lazy(async () => (await import("./new-chat-dialog.tsx")).NewChatDialog);
const Unfinished = lazy(async () => (await import("./unfinished.tsx")).Unfinished);

export function HomeScreen() {
  const { remembers } = useSession();
  // Known before the list is there, so that nothing moves when it comes.
  const [returning] = useState(() => cameFromAnotherScreen() || readPreference("chats") !== null);
  return (
    <Page>
      <div class={returning ? "page home returning" : "page home"}>
        <section class="hero">
          <h1>Share an AI conversation with exactly the people you choose.</h1>
          {!returning && (
            <p>
              Bring in a chat, read it here, and send a link. It is encrypted in your browser: the server that carries
              it can’t read it. Continue it together, with @OpenMates answering when you ask.
            </p>
          )}
        </section>
        <TakeIn />
        <NewChat />
        {!remembers && (
          <p class="sentence private">
            This browser doesn’t let pages store anything (a private window?), so chats are forgotten when you close
            this tab.
          </p>
        )}
        <Unfinished />
        <MyChats />
      </div>
    </Page>
  );
}

function TakeIn() {
  const [pasting, setPasting] = useState(false);
  const openPaste = () => {
    dismissIntake();
    setPasting(true);
  };
  usePaste();
  return (
    <section class="take-in" aria-label="Import">
      {pasting ? <PasteBox onDone={() => setPasting(false)} /> : <DropZone onPaste={openPaste} />}
      <IntakeState />
      <p class="promise">
        <Icon name="lock" />
        Nothing leaves this browser before you press Share.
      </p>
    </section>
  );
}

function NewChat() {
  const [asking, setAsking] = useState(false);
  const drafts = useDrafts();
  return (
    <section class="row new-chat" aria-label="New chat">
      <p class="hint">Nothing to bring in?</p>
      <button type="button" class="button small" onClick={() => setAsking(true)}>
        Start an empty chat
      </button>
      <button
        type="button"
        class="button small"
        onClick={() => void openExample(drafts).catch((error: unknown) => toast(sentenceOf(error)))}
      >
        Try an example
      </button>
      {asking && <NewChatDialog onClose={() => setAsking(false)} />}
    </section>
  );
}

/** The example as a draft: what one does with it is what one does with a conversation of one's own. */
async function openExample(drafts: Drafts): Promise<void> {
  const { exampleConversation } = await import("../import/example.ts");
  const { id } = await drafts.add(exampleConversation());
  go(`#draft=${id}`);
}

function DropZone({ onPaste }: { onPaste: () => void }) {
  const drafts = useDrafts();
  const picker = useRef<HTMLInputElement>(null);
  return (
    <div class="drop-zone">
      <span class="drop-icon">
        <Icon name="file" />
      </span>
      <h2>Bring in a conversation</h2>
      <p>
        Drop a data export of ChatGPT or Claude here (the <code>.zip</code> or its <code>conversations.json</code>), or
        a text file.
      </p>
      <div class="row">
        <button type="button" class="button primary" onClick={() => picker.current?.click()}>
          Choose a file
        </button>
        <button type="button" class="button" onClick={onPaste}>
          <Icon name="paste" />
          Paste text
        </button>
      </div>
      <FileInput
        inputRef={picker}
        label="Conversation file"
        accept=".zip,.json,.jsonl,.txt,.md,application/zip,application/json,text/*"
        onFiles={([file]) => file && void takeFile(file, drafts)}
      />
      <WhereFrom />
    </div>
  );
}

function PasteBox({ onDone }: { onDone: () => void }) {
  const drafts = useDrafts();
  const [text, setText] = useState("");
  return (
    <form
      class="paste-box stack"
      onSubmit={(event) => {
        event.preventDefault();
        void takeText(text, drafts);
      }}
    >
      <div class="field">
        <h2>
          <label for="paste">Paste a conversation</label>
        </h2>
        <p class="hint" id="paste-hint">
          Lines that begin with a speaker (“You:”, “ChatGPT said:”, “User:”) become messages. JSON works too.
        </p>
        <textarea
          id="paste"
          class="input"
          rows={8}
          aria-describedby="paste-hint"
          value={text}
          dir="auto"
          ref={focusOnce}
          onInput={(event) => setText(event.currentTarget.value)}
        />
      </div>
      <div class="row end">
        <button type="button" class="button" onClick={onDone}>
          Cancel
        </button>
        <button type="submit" class="button primary" disabled={text.trim() === ""}>
          Read it
        </button>
      </div>
    </form>
  );
}

function IntakeState() {
  const now = intake.value;
  if (now.state === "reading") {
    return (
      <div class="intake" role="status">
        <div class="row between">
          <p>
            Reading {now.name}…{now.progress && ` ${readSoFar(now.progress)}`}
          </p>
          <button type="button" class="button small" onClick={dismissIntake}>
            Cancel
          </button>
        </div>
        <progress
          class="progress"
          aria-label="Reading"
          max={now.progress?.total ?? 1}
          {...(now.progress === null ? {} : { value: now.progress.done })}
        />
      </div>
    );
  }
  if (now.state !== "failed") return null;
  return (
    <div class="sentence bad" role="alert">
      <p>
        <b>{now.name}</b>: {now.sentence}
      </p>
      <button type="button" class="text-button" onClick={dismissIntake}>
        Dismiss
      </button>
    </div>
  );
}

function readSoFar({ done, total, found }: ImportProgress): string {
  return `${megabytes(done)} of ${megabytes(total)} MB, ${counted(found, "conversation")} found`;
}

const megabytes = (bytes: number) => (bytes / 1_000_000).toLocaleString(undefined, { maximumFractionDigits: 1 });

function focusOnce(element: HTMLTextAreaElement | null): void {
  element?.focus();
}
