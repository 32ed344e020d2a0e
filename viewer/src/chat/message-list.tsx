import { MATE_NAME, type MessageId, type Part, type RoomMessage, textParts } from "@openmates-share/client";
import { Fragment } from "preact";
import { AnswerCard } from "./answer-card.tsx";
import { Boundary } from "./boundary.tsx";
import { MessageCard, type Shared } from "./message-card.tsx";
import { PendingCard } from "./pending-card.tsx";
import type { RoomModel } from "./room-model.ts";
import { excerpt, speakerOf } from "./speaker.ts";
import { UnaskedNote } from "./unasked-note.tsx";

/** Texts at either end that get their form at once; the rest when they come near the screen. */
const EAGER = 20;

export function MessageList({ model, highlighted }: { model: RoomModel; highlighted: MessageId | null }) {
  return (
    <ol class="messages" aria-label="Messages">
      <StoredMessages model={model} highlighted={highlighted} />
      <Unstored model={model} />
    </ol>
  );
}

/** What changes with every word that is written or streamed, apart from what does not. */
function Unstored({ model }: { model: RoomModel }) {
  const { answers, pending, me } = model.state.value;
  const name = (me && model.names.value.get(me)) || "You";
  return (
    <>
      {answers.map((answer) => (
        <AnswerCard key={answer.ask} answer={answer} model={model} />
      ))}
      {pending.map((message) => (
        <PendingCard key={message.id} message={message} name={name} model={model} />
      ))}
    </>
  );
}

function StoredMessages({ model, highlighted }: { model: RoomModel; highlighted: MessageId | null }) {
  const messages = model.messages.value;
  // While pages still come in, what is last now is soon in the middle.
  const tail = model.complete.value ? messages.length - EAGER : messages.length;
  const owner = model.role === "owner";
  const sharedThrough = model.sharedThrough.value;
  const beyond: Shared = model.together.value ? "group" : "private";
  const unasked = model.unasked.value;
  return (
    <>
      {messages.map((message, index) => (
        <Fragment key={message.id}>
          <StoredMessage
            message={message}
            model={model}
            shared={owner ? (message.seq <= sharedThrough ? "shared" : beyond) : null}
            highlighted={message.id === highlighted}
            eager={index < EAGER || index >= tail}
          />
          {unasked.has(message.id) && (
            <UnaskedNote id={message.id} sentence={unasked.get(message.id) ?? ""} model={model} />
          )}
          {owner && message.seq === sharedThrough && <Boundary model={model} />}
        </Fragment>
      ))}
    </>
  );
}

interface StoredMessageProps {
  readonly message: RoomMessage;
  readonly model: RoomModel;
  readonly shared: Shared | null;
  readonly highlighted: boolean;
  readonly eager: boolean;
}

function StoredMessage(props: StoredMessageProps) {
  const { message, model } = props;
  const { body } = message;
  if (body.type === "broken") return <BrokenMessage sentence={body.message} />;
  if (body.type === "reply") return <ReplyMessage {...props} reply={body.reply} />;
  const { content } = body;
  if (content.type === "message") return <TextMessage {...props} content={content} />;
  const name = model.nameOf(message.sender);
  return (
    <li class="notice" dir="auto">
      {content.type === "join" ? `${content.name} joined` : `${name} wrote something that this version can’t show.`}
    </li>
  );
}

type Body<Type> = Extract<RoomMessage["body"], { type: Type }>;

function TextMessage(
  props: StoredMessageProps & { content: Extract<Body<"content">["content"], { type: "message" }> },
) {
  const { message, model, content, shared, highlighted, eager } = props;
  const mine = content.role === "user" && message.sender === model.me;
  const speaker = speakerOf({ role: content.role, name: content.name, fallback: model.nameOf(message.sender) });
  return (
    <MessageCard
      id={message.id}
      speakerName={speaker.name}
      speakerKind={speaker.kind}
      mine={mine}
      parts={content.parts}
      time={content.time}
      detail={content.model}
      shared={shared}
      highlighted={highlighted}
      eager={eager}
      quoted={quote(content.replyTo, { message, model })}
      footer={message.doubt && `Careful: ${message.doubt} Whoever wrote this, or the server, is not honest.`}
      badge={content.role === "assistant" && isMateName(content.name) ? "Brought in, not an answer given here" : null}
      onReply={model.onReply}
    />
  );
}

/** A turn that somebody brought in may bear the mate's name; only signed answers are the mate's (SPEC C7). */
function isMateName(name: string): boolean {
  return name.replace(/[^\p{L}]/gu, "").toLowerCase() === MATE_NAME.toLowerCase();
}

function ReplyMessage({
  message,
  model,
  reply,
  shared,
  highlighted,
  eager,
}: StoredMessageProps & { reply: Body<"reply">["reply"] }) {
  return (
    <MessageCard
      id={message.id}
      speakerName={MATE_NAME}
      speakerKind="mate"
      mine={false}
      parts={replyParts(reply)}
      time={reply.time}
      detail={null}
      shared={shared}
      highlighted={highlighted}
      eager={eager}
      quoted={quote(reply.replyTo, { message, model })}
      footer={describeReply(reply)}
      badge={reply.demo ? "Demo answer" : null}
      onReply={model.onReply}
    />
  );
}

const replyTexts = new WeakMap<object, readonly Part[]>();

/** The same list each time, so that a card is not rendered again for nothing. */
function replyParts(reply: Body<"reply">["reply"]): readonly Part[] {
  const known = replyTexts.get(reply) ?? textParts(reply.text);
  replyTexts.set(reply, known);
  return known;
}

function describeReply({ model, demo, given, ended }: Body<"reply">["reply"]): string {
  const by = demo ? "No model is connected: the built-in demo answered" : `Answered by ${model}`;
  const count = given.count === 1 ? "1 message" : `${given.count} messages`;
  const end = { complete: "", stopped: " · stopped by a person", length: " · cut off at the length limit" }[ended];
  return `${by} · was given ${count}${end}`;
}

/** What a message answers; nothing when that stands right above it. */
function quote(
  replyTo: MessageId | null,
  { message, model }: { message: RoomMessage; model: RoomModel },
): string | null {
  if (replyTo === null) return null;
  const quoted = model.find(replyTo);
  if (!quoted) return "An earlier message";
  if (quoted.seq === message.seq - 1) return null;
  return model.quoteOf(quoted, (text) => excerpt(text));
}

function BrokenMessage({ sentence }: { sentence: string }) {
  return (
    <li class="notice bad">
      <b>This message can’t be shown.</b> {sentence}
    </li>
  );
}
