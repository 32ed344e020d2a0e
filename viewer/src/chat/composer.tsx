import { MATE_NAME, mentionsMate } from "@openmates-share/client";
import { useSignalEffect } from "@preact/signals";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { dropTarget } from "../app/drop-target.ts";
import { IconButton } from "../app/icon-button.tsx";
import { Icon } from "../app/icons.tsx";
import { useSession } from "../app/session.ts";
import { AddFiles, AttachmentList } from "../embed/attachment-list.tsx";
import { Attachments } from "../embed/attachments.ts";
import { AskPreview } from "./ask-preview.tsx";
import { leavesComposer } from "./composer-keys.ts";
import { departures } from "./departures.ts";
import { completeMention, suggestsMate } from "./mention-completion.ts";
import type { RoomModel } from "./room-model.ts";
import { excerpt } from "./speaker.ts";
import { useQuestion } from "./use-question.ts";

/** On a touch keyboard, Enter is how one gets a new line. */
const TOUCH = matchMedia("(pointer: coarse)");

export function Composer({ model }: { model: RoomModel }) {
  const [text, setText] = useState("");
  const [suggesting, setSuggesting] = useState(false);
  const area = useRef<HTMLTextAreaElement>(null);
  const [attachments, attachAnew] = useAttachments(model);
  const [withheld, setWithheld] = useState(false);
  const { question, pending } = useQuestion(model, { text, withheld });
  /** Sent by the person, while it is not yet known what goes along. */
  const [due, setDue] = useState(false);
  useGrowing(area, text);
  useSignalEffect(() => {
    if (model.replyTo.value) area.current?.focus();
  });
  useSignalEffect(() => {
    const begun = model.begun.value;
    if (begun === null) return;
    model.begun.value = null;
    setText((now) => (now.trim() === "" ? begun : now));
    area.current?.focus();
  });

  const change = (next: string, caret: number) => {
    setText(next);
    setDue(false);
    setSuggesting(suggestsMate(next, caret));
    model.typed(next);
  };
  const complete = () => {
    const { current } = area;
    if (!current) return;
    const next = completeMention(text, current.selectionStart);
    change(next.text, next.caret);
    setSuggesting(false);
    current.focus();
    // The caret can be placed once the new text is there.
    requestAnimationFrame(() => current.setSelectionRange(next.caret, next.caret));
  };
  const send = () => {
    const trimmed = text.trim();
    // What goes with a mention is known first: what was sent before that goes out as soon as it is.
    setDue(pending);
    if (pending) return;
    const attached = attachments.list.value.length > 0;
    if ((trimmed === "" && !attached) || attachments.failed.value) return;
    setText("");
    setSuggesting(false);
    setWithheld(false);
    const along = question?.along ?? null;
    // One can go on writing at once, while they are uploaded.
    const files = attached
      ? departures.add({ room: model.room, text: trimmed, replyTo: model.replyTo.value, attachments })
      : null;
    if (attached) attachAnew();
    model.send(trimmed, { along, withheld, files }).catch(reportError);
    area.current?.focus();
  };
  useEffect(() => {
    if (due && !pending) send();
  }, [due, pending]);
  useEffect(() => {
    // What shows that a message waits is there by the time that one does, also where the line is not.
    import("./unstored.tsx").catch(() => undefined);
  }, []);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.isComposing) return;
    if (suggesting && (event.key === "Enter" || event.key === "Tab")) {
      event.preventDefault();
      complete();
    } else if (event.key === "Escape" && suggesting) {
      event.preventDefault();
      setSuggesting(false);
    } else if (event.key === "Escape" && model.replyTo.value) {
      model.replyTo.value = null;
    } else if (event.key === "Enter" && !event.shiftKey && !TOUCH.matches) {
      event.preventDefault();
      send();
    }
  };
  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      {suggesting && <Suggestion onChoose={complete} />}
      <ReplyLine model={model} />
      {question && <AskPreview {...question} model={model} choice={model.choice} />}
      {withheld && (
        <p class="withheld-note">
          <Icon name="lock" />
          {mentionsMate(text)
            ? `This message is not for models, so ${MATE_NAME} is not asked.`
            : "This message will never be sent to a model."}
        </p>
      )}
      <AttachmentList attachments={attachments} />
      <div class="composer-box">
        <AddFiles attachments={attachments} />
        <IconButton icon="spark" label={`Mention ${MATE_NAME}`} onClick={complete} />
        <IconButton
          icon="lock"
          label="Not for models"
          title="Not for models: this message is never sent to one"
          pressed={withheld}
          className="withhold"
          onClick={() => setWithheld(!withheld)}
        />
        <textarea
          ref={area}
          rows={1}
          value={text}
          dir="auto"
          aria-label="Message"
          placeholder={`Write, or ask @${MATE_NAME}`}
          aria-autocomplete="list"
          aria-haspopup="listbox"
          aria-controls={suggesting ? "mention-list" : undefined}
          aria-activedescendant={suggesting ? "mention-mate" : undefined}
          onInput={({ currentTarget }) => change(currentTarget.value, currentTarget.selectionStart)}
          onKeyDown={(event) => {
            if (leavesComposer(event, { model, empty: text === "", open: suggesting })) event.preventDefault();
            else onKeyDown(event);
          }}
          onPaste={(event) => {
            const files = [...(event.clipboardData?.files ?? [])];
            // Words that were copied with a picture of them (as from a table) are meant as words.
            if (files.length === 0 || event.clipboardData?.types.includes("text/plain")) return;
            event.preventDefault();
            attachments.add(files);
          }}
          onBlur={() => {
            setSuggesting(false);
            model.typed("");
          }}
        />
        <button
          type="submit"
          class="button primary round small"
          aria-label="Send"
          title="Send"
          disabled={(text.trim() === "" && attachments.list.value.length === 0) || attachments.failed.value}
        >
          <Icon name="send" />
        </button>
      </div>
    </form>
  );
}

/**
 * Files of the message being written, and what begins with none again when that was sent. While the composer is there, what is
 * dropped on the page is for it.
 */
function useAttachments(model: RoomModel): [Attachments, () => void] {
  const { client } = useSession();
  const { chat } = model.room;
  const [message, setMessage] = useState(0);
  const attachments = useMemo(() => new Attachments({ client, chat }), [client, chat, message]);
  useEffect(() => {
    dropTarget.value = { label: "Drop it here to add it to your message", take: (files) => attachments.add(files) };
    return () => {
      dropTarget.value = null;
      if (!departures.holds(attachments)) attachments.stop();
    };
  }, [attachments]);
  useSignalEffect(() => {
    model.departing.value = departures.list.value.filter(({ room }) => room.chat === chat);
  });
  return [attachments, () => setMessage((number) => number + 1)];
}

function Suggestion({ onChoose }: { onChoose: () => void }) {
  return (
    <div id="mention-list" class="suggestions" role="listbox" aria-label="Mentions">
      <div
        id="mention-mate"
        role="option"
        tabIndex={-1}
        aria-selected="true"
        // The focus stays in the text: pressing must not take it.
        onMouseDown={(event) => {
          event.preventDefault();
          onChoose();
        }}
      >
        <Icon name="spark" />
        <b>@{MATE_NAME}</b>
        <span class="hint">answers in this chat</span>
      </div>
    </div>
  );
}

function ReplyLine({ model }: { model: RoomModel }) {
  const id = model.replyTo.value;
  const message = id && model.find(id);
  if (!message) return null;
  return (
    <p class="reply-line">
      <Icon name="reply" />
      <span dir="auto">{model.quoteOf(message, (text) => excerpt(text))}</span>
      <IconButton
        icon="close"
        label="Don’t reply to this message"
        onClick={() => {
          model.replyTo.value = null;
        }}
      />
    </p>
  );
}

/** Measuring by hand lays out the whole chat for every key. */
const GROWS_ITSELF = CSS.supports("field-sizing", "content");

/** As high as its text, up to what the style sheet allows. */
function useGrowing(area: { readonly current: HTMLTextAreaElement | null }, text: string): void {
  useLayoutEffect(() => {
    const { current } = area;
    if (!current || GROWS_ITSELF) return;
    current.style.height = "auto";
    current.style.height = `${current.scrollHeight}px`;
  }, [area, text]);
}
