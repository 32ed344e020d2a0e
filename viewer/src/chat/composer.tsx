import { MATE_NAME, mentionsMate } from "@openmates-share/client";
import { useSignalEffect } from "@preact/signals";
import { useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { Icon } from "../app/icons.tsx";
import { AskPreview } from "./ask-preview.tsx";
import { completeMention, suggestsMate } from "./mention-completion.ts";
import type { RoomModel } from "./room-model.ts";
import { excerpt } from "./speaker.ts";

/** On a touch keyboard, Enter is how one gets a new line. */
const TOUCH = matchMedia("(pointer: coarse)");

export function Composer({ model }: { model: RoomModel }) {
  const [text, setText] = useState("");
  const [suggesting, setSuggesting] = useState(false);
  const area = useRef<HTMLTextAreaElement>(null);
  // Exactly what is shown is what goes: the chat may grow while it is being looked at.
  const { length } = model.messages.value;
  const context = useMemo(
    () => (mentionsMate(text) ? model.room.contextForDraft(text.trim()) : null),
    [text, model, length],
  );
  useGrowing(area, text);
  useSignalEffect(() => {
    if (model.replyTo.value) area.current?.focus();
  });

  const change = (next: string, caret: number) => {
    setText(next);
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
    if (trimmed === "") return;
    setText("");
    setSuggesting(false);
    model.send(trimmed, context).catch(reportError);
    area.current?.focus();
  };
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
      {context && <AskPreview context={context} />}
      <div class="composer-box">
        <button
          type="button"
          class="button quiet round small"
          aria-label={`Mention ${MATE_NAME}`}
          title={`Mention ${MATE_NAME}`}
          onClick={complete}
        >
          <Icon name="spark" />
        </button>
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
          onKeyDown={onKeyDown}
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
          disabled={text.trim() === ""}
        >
          <Icon name="send" />
        </button>
      </div>
    </form>
  );
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
      <button
        type="button"
        class="button quiet round small"
        aria-label="Don’t reply to this message"
        onClick={() => {
          model.replyTo.value = null;
        }}
      >
        <Icon name="close" />
      </button>
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
