import { type Answer, MATE_NAME } from "@openmates-share/client";
import { Icon } from "../app/icons.tsx";
import { useSecondsUntil } from "../app/use-seconds-until.ts";
import "../styles/asking.css";
import { AskAgain } from "./ask-again.tsx";
import { GrowingText } from "./growing-text.tsx";
import { Avatar } from "./message-card.tsx";
import type { RoomModel } from "./room-model.ts";

/** An answer while it is written, or one that was cut off. */
export function AnswerCard({ answer, model }: { answer: Answer; model: RoomModel }) {
  const { ask, state, text, by } = answer;
  const name = by === null ? MATE_NAME : `${model.nameOf(by)}’s own model`;
  return (
    <li class="message-row">
      <article class={`message mate answer ${state}`} aria-label={`${name}, answering`} aria-busy={state === "running"}>
        <header class="message-head">
          <span class="message-by">
            <Avatar name={name} kind={by === null ? "mate" : "assistant"} />
            <b class="speaker">{name}</b>
            <span class="detail">{state === "running" ? (text ? "writing…" : "thinking…") : null}</span>
          </span>
          {state === "running" && (
            <button type="button" class="button small stop" onClick={() => model.stopAnswer(ask)}>
              <Icon name="stop" />
              Stop
            </button>
          )}
        </header>
        {text ? <GrowingText text={text} /> : state === "running" && <Thinking />}
        {state !== "running" && <Ended answer={answer} model={model} />}
      </article>
    </li>
  );
}

/** Why there is no answer, and what can be done. */
function Ended({ answer, model }: { answer: Answer; model: RoomModel }) {
  const { ask, fault, by, message } = answer;
  // What somebody kept from the server does not go there because another one presses a button, nor the other way round.
  const mine = model.find(message)?.sender === model.me;
  const only = by !== null ? "own" : mine ? null : "server";
  const wait = useSecondsUntil(answer.retryAt, () => performance.now());
  return (
    <div class={fault === "stopped" ? "sentence" : "sentence bad"}>
      <p>{sentenceOf(answer, model)}</p>
      {(by === null || (by === model.me && mine)) && (
        <AskAgain
          model={model}
          message={message}
          label={wait > 0 ? `Try again in ${wait} s` : "Try again"}
          disabled={wait > 0}
          only={only}
          another={NEEDS_SOMEBODY.has(fault)}
          onAsk={(options) => model.tryAgain(ask, options)}
        />
      )}
      <button type="button" class="button small quiet" onClick={() => model.dismiss(ask)}>
        Dismiss
      </button>
    </div>
  );
}

/** Trying the same model again is in vain until whoever runs the server has done something. */
const NEEDS_SOMEBODY: ReadonlySet<Answer["fault"]> = new Set(["refused_key", "no_such_model"] as const);

function sentenceOf({ ask, state, reason, fault }: Answer, { stoppedHere }: RoomModel): string {
  if (fault === "stopped" && stoppedHere.has(ask)) return "You stopped the answer before its first word.";
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
