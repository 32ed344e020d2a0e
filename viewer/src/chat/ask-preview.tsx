import type { AskQuota, ContextMessage } from "@openmates-share/client";
import { counted } from "../app/dates.ts";
import { Icon } from "../app/icons.tsx";
import { OwnModelChoice } from "../own-model/own-model-choice.tsx";
import { AnswererSelect, memberModelName } from "./answerer-select.tsx";
import type { AskChoice } from "./ask-choice.ts";
import { modelName } from "./model-select.tsx";
import type { RoomModel } from "./room-model.ts";
import { useMate } from "./use-mate.ts";

/** Below this share of what may be asked on a day, one is told how much is left. */
const LOW = 0.25;

export interface AskPreviewProps {
  readonly model: RoomModel;
  readonly choice: AskChoice;
  /** What could go along, oldest first. */
  readonly offered: readonly ContextMessage[];
  /** The messages from the first to the last that go along. */
  readonly span: readonly ContextMessage[];
  /** The question, as the model gets it. */
  readonly question: ContextMessage["entry"];
  /** Whether there are earlier messages, here or not. */
  readonly earlier: boolean;
  readonly onMore: () => void;
  readonly quota: AskQuota | null;
}

/** Before a mention is sent: how many messages leave the encryption, to whom, and exactly which. */
export function AskPreview(props: AskPreviewProps) {
  const { model, choice, span, question, earlier, onMore, quota } = props;
  const mate = useMate();
  const { own } = choice;
  const of = choice.of.value;
  const whose = of ? memberModelName(model, of) : own ? `your own model ${own.model}` : null;
  const count = span.filter((message) => choice.goes(message)).length + 1;
  return (
    <details class="ask-preview">
      <summary>
        <Icon name="spark" />
        {counted(count, "message")} will be sent to {whose ?? modelName(mate, choice.model.value)}
      </summary>
      <p class="hint">
        {of
          ? `${model.nameOf(of)}’s browser gives them to a model that ${model.nameOf(of)} has chosen. The server sees nothing of it.`
          : own
            ? `They go from this browser to ${new URL(own.address).host}. The server sees nothing of it.`
            : "To answer, OpenMates needs these in clear for as long as the answer takes. Nothing else of this chat is sent."}
      </p>
      <div class="ask-tools">
        <button type="button" class="button small" disabled={span.length === 0} onClick={() => choice.fewer(span)}>
          Fewer
        </button>
        <button type="button" class="button small" disabled={!earlier} onClick={onMore}>
          More
        </button>
        {!own && <AnswererSelect model={model} choice={choice} />}
        {choice.only === null && <OwnModelChoice model={model} choice={choice} />}
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by the keyboard */}
      <ol tabIndex={0} aria-label="Messages to be sent">
        {span.map((message, index) => (
          <Going key={message.id} message={message} choice={choice} first={index === 0} />
        ))}
        <li dir="auto">
          <Words {...question} />
        </li>
      </ol>
      {quota && !whose && quota.left <= quota.most * LOW && (
        <p class="hint">
          {quota.left} of {counted(quota.most, "question")} left today{WHOSE[quota.of]}.
        </p>
      )}
    </details>
  );
}

const WHOSE = { person: "", chat: " in this chat", server: " on this server" } as const;

function Going({ message, choice, first }: { message: ContextMessage; choice: AskChoice; first: boolean }) {
  return (
    <li dir="auto" class={choice.goes(message) ? undefined : "left-out"}>
      <label>
        <input type="checkbox" checked={choice.goes(message)} onChange={() => choice.toggle(message)} />
        <span>
          <Words {...message.entry} />
        </span>
      </label>
      {!first && (
        <button type="button" class="text-button since" onClick={() => choice.since(message)}>
          Only from here on
        </button>
      )}
    </li>
  );
}

function Words({ role, name, text }: ContextMessage["entry"]) {
  return (
    <>
      <b>{name || (role === "assistant" ? "Assistant" : "You")}</b>: {text}
    </>
  );
}
