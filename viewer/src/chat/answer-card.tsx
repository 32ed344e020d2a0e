import { type Answer, MATE_NAME } from "@openmates-share/client";
import { Icon } from "../app/icons.tsx";
import { useSecondsUntil } from "../app/use-seconds-until.ts";
import "../styles/asking.css";
import { GrowingText } from "./growing-text.tsx";
import { Avatar } from "./message-card.tsx";
import { ModelSelect } from "./model-select.tsx";
import type { RoomModel } from "./room-model.ts";
import { useMate } from "./use-mate.ts";

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
            <span class="detail">{state === "running" ? (text ? "writing …" : "thinking …") : null}</span>
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
  const { ask, fault, by } = answer;
  // What somebody kept from the server does not go there because another one presses a button.
  const may = by === null ? !NEEDS_SOMEBODY.has(fault) : by === model.me && model.choice.own !== null;
  const again = () => {
    if (by === null) model.tryAgain(ask);
    else model.tryOwnAgain(ask).catch(reportError);
  };
  const wait = useSecondsUntil(answer.retryAt);
  const mate = useMate();
  return (
    <div class="sentence bad">
      <p>{sentenceOf(answer)}</p>
      <div class="row">
        {may && (
          <button type="button" class="button small" disabled={wait > 0} onClick={again}>
            <Icon name="retry" />
            {wait > 0 ? `Try again in ${wait} s` : "Try again"}
          </button>
        )}
        {wait === 0 && by === null && (
          <ModelSelect
            mate={mate}
            label="Try again with a model"
            prompt="Try again with …"
            value={null}
            onChange={(other) => model.tryAgain(ask, { model: other })}
          />
        )}
        <button type="button" class="button small quiet" onClick={() => model.dismiss(ask)}>
          Dismiss
        </button>
      </div>
    </div>
  );
}

/** Trying again is in vain until whoever runs the server has done something. */
const NEEDS_SOMEBODY: ReadonlySet<Answer["fault"]> = new Set(["refused_key", "no_such_model"] as const);

function sentenceOf({ state, reason }: Answer): string {
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
