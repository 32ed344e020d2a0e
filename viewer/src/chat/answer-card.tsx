import { type Answer, MATE_NAME } from "@openmates-share/client";
import { Icon } from "../app/icons.tsx";
import { Avatar } from "./message-card.tsx";
import { RichText } from "./message-text.tsx";
import type { RoomModel } from "./room-model.ts";

/** An answer while it is written, or one that was cut off. */
export function AnswerCard({ answer, model }: { answer: Answer; model: RoomModel }) {
  const { ask, state, text, reason } = answer;
  return (
    <li class="message-row">
      <article
        class={`message mate answer ${state}`}
        aria-label={`${MATE_NAME}, answering`}
        aria-busy={state === "running"}
      >
        <header class="message-head">
          <span class="message-by">
            <Avatar name={MATE_NAME} kind="mate" />
            <b class="speaker">{MATE_NAME}</b>
            <span class="detail">{state === "running" ? (text ? "writing …" : "thinking …") : null}</span>
          </span>
          {state === "running" && (
            <button type="button" class="button small stop" onClick={() => model.stopAnswer(ask)}>
              <Icon name="stop" />
              Stop
            </button>
          )}
        </header>
        {text ? <RichText text={text} /> : state === "running" && <Thinking />}
        {state !== "running" && (
          <div class="sentence bad">
            <p>{sentenceOf(state, reason)}</p>
            <button type="button" class="button small" onClick={() => model.tryAgain(ask)}>
              <Icon name="retry" />
              Try again
            </button>
          </div>
        )}
      </article>
    </li>
  );
}

function sentenceOf(state: "interrupted" | "failed", reason: string | null): string {
  if (state === "interrupted") return "The answer was interrupted before it was complete.";
  return reason ?? `${MATE_NAME} could not answer.`;
}

function Thinking() {
  return (
    <span class="thinking" aria-hidden="true">
      <span />
      <span />
      <span />
    </span>
  );
}
