import { type DraftPart, messageText, type Part } from "@openmates-share/client";
import type { ComponentChildren } from "preact";
import { CopyButton } from "../app/copy.tsx";
import { fullTime, shortTime } from "../app/dates.ts";
import { Icon } from "../app/icons.tsx";
import { memo } from "../app/memo.ts";
import { MessageParts } from "../parts/message-parts.tsx";
import { PlainText } from "./message-text.tsx";
import type { Shared } from "./shared-mark.ts";
import type { Speaker } from "./speaker.ts";

export interface MessageCardProps {
  readonly id: string;
  readonly speakerName: string;
  readonly speakerKind: Speaker["kind"];
  /** Of a person who has chosen one. */
  readonly colour?: number | null;
  readonly mine: boolean;
  /** The same list for the same message: a new one renders it again. */
  readonly parts: readonly (Part | DraftPart)[];
  /** Milliseconds since 1970, or null. */
  readonly time: number | null;
  /** Beside the name: the model. */
  readonly detail: string | null;
  readonly shared: Shared | null;
  readonly highlighted: boolean;
  /** In its form; else it is quick to show and nothing can be done with it. */
  readonly formed: boolean;
  /** Who and what this answers, in a few words. */
  readonly quoted: string | null;
  /** Goes there. */
  readonly onQuoted?: (() => void) | null;
  /** A line beneath the text. */
  readonly footer: string | null;
  /** In its place, what has a form of its own. The same for the same message. */
  readonly foot?: ComponentChildren;
  readonly badge: string | null;
  /** Says that it has other words than at first, or will have. */
  readonly edited?: string | null;
  /** When, milliseconds since 1970. */
  readonly editedAt?: number | null;
  /** Stands in the place of the parts: what they are changed with. */
  readonly inPlace?: ComponentChildren;
  readonly onReply: ((id: string) => void) | null;
}

/** One message that is there to stay: its plain text until it is given its form. */
export const MessageCard = memo((props: MessageCardProps) => {
  const { id, mine, speakerKind, highlighted, formed } = props;
  const classes = ["message", speakerKind, mine && "mine", highlighted && "highlighted", !formed && "far"];
  return (
    <article
      id={`message-${id}`}
      class={classes.filter(Boolean).join(" ")}
      tabIndex={-1}
      aria-label={`${props.speakerName}${props.time === null ? "" : `, ${fullTime(props.time)}`}`}
    >
      {formed ? <MessageInside {...props} /> : <PlainText text={messageText(props)} />}
    </article>
  );
});

function MessageInside(props: MessageCardProps) {
  const { parts, speakerKind, quoted, footer } = props;
  // The other parts of tools fold themselves.
  const folded = (speakerKind === "tool" || speakerKind === "system") && parts.some(({ type }) => type === "markdown");
  const body = <MessageParts parts={parts} breaks={speakerKind === "person"} />;
  return (
    <>
      <MessageHead {...props} />
      {quoted && <Quoted words={quoted} onPress={props.onQuoted ?? null} />}
      {props.inPlace ?? (folded ? <Folded text={messageText(props)}>{body}</Folded> : body)}
      {footer && <p class="message-foot">{footer}</p>}
      {props.foot}
    </>
  );
}

function Quoted({ words, onPress }: { words: string; onPress: (() => void) | null }) {
  return (
    <button
      type="button"
      class="quoted"
      dir="auto"
      disabled={!onPress}
      title="Go to this message"
      onClick={() => onPress?.()}
    >
      <Icon name="reply" /> <span>{words}</span>
    </button>
  );
}

function MessageHead(props: MessageCardProps) {
  const { id, speakerName, speakerKind, colour = null, detail, time, shared, badge, edited, editedAt, onReply } = props;
  return (
    <header class="message-head">
      <span class="message-by">
        <Avatar name={speakerName} kind={speakerKind} colour={colour} />
        <b class={`speaker tone-${colour ?? toneOf(speakerName)}`} dir="auto">
          {speakerName}
        </b>
        {detail && (
          <span class="detail model" title={detail}>
            {detail}
          </span>
        )}
        {badge && <span class="mark accent">{badge}</span>}
        {time !== null && (
          <time class="detail" dateTime={new Date(time).toISOString()} title={fullTime(time)}>
            {shortTime(time)}
          </time>
        )}
        {edited && (
          <span class="detail" title={editedAt == null ? undefined : `Edited ${fullTime(editedAt)}`}>
            {edited}
          </span>
        )}
        {shared && <SharedMark shared={shared} />}
      </span>
      <span class="message-actions">
        {onReply && (
          <>
            <button type="button" class="button quiet round small" aria-label="React" title="React" data-react={id}>
              <Icon name="smile" />
            </button>
            <button
              type="button"
              class="button quiet round small"
              aria-label="Reply"
              title="Reply"
              onClick={() => onReply(id)}
            >
              <Icon name="reply" />
            </button>
          </>
        )}
        <CopyButton
          text={() => messageText(props)}
          label="Copy message"
          className={onReply ? "button quiet round small copies" : "button quiet round small"}
          iconOnly
        />
        <button
          type="button"
          class="button quiet round small"
          aria-label="More for this message"
          title="More for this message"
          data-message-menu=""
        >
          <Icon name="more" />
        </button>
      </span>
    </header>
  );
}

/** `colour`: of a person, as they chose it; else it goes by the name. */
export function Avatar(props: { name: string; kind: Speaker["kind"]; colour?: number | null }) {
  const { name, kind, colour = null } = props;
  if (kind !== "person") {
    return (
      <span class={`avatar ${kind}`} aria-hidden="true">
        <Icon name={kind === "mate" || kind === "assistant" ? "spark" : "file"} />
      </span>
    );
  }
  const initial = [...name.trim()][0]?.toUpperCase() ?? "?";
  return (
    <span class={`avatar person tone-${colour ?? toneOf(name)}`} aria-hidden="true">
      {initial}
    </span>
  );
}

/** One of twelve colours, the same for the same name. */
export function toneOf(name: string): number {
  let sum = 0;
  for (const character of name) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 9973;
  return sum % 12;
}

const SHARED = {
  shared: { icon: "link", name: "Shared", title: "Shared: in what every link shows" },
  group: { icon: "people", name: "Group only", title: "Group only: not in what links to read show" },
} as const;

function SharedMark({ shared }: { shared: Shared }) {
  if (shared === "private") {
    return (
      <span class="mark private" title="Private: nobody else sees it">
        <Icon name="lock" />
        Private
      </span>
    );
  }
  const { icon, name, title } = SHARED[shared];
  return (
    <span class={`shared-mark ${shared}`} title={title}>
      <Icon name={icon} />
      <span class="unseen">{name}</span>
    </span>
  );
}

/** What tools and systems said is long and rarely wanted: it opens on demand. */
function Folded({ text, children }: { text: string; children: ComponentChildren }) {
  const lines = text.split("\n").length;
  return (
    <details class="folded">
      <summary>
        {lines === 1 ? "1 line" : `${lines.toLocaleString()} lines`}
        <span class="folded-start" dir="auto">
          {text.trim().slice(0, 120)}
        </span>
      </summary>
      {children}
    </details>
  );
}
