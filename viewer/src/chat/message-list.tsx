import {
  MATE_NAME,
  type MessageId,
  type Part,
  plainLine,
  type RoomMessage,
  resemblesMate,
  textParts,
} from "@openmates-share/client";
import type { ComponentChildren } from "preact";
import { useCallback, useEffect } from "preact/hooks";
import { lazy } from "../app/lazy.tsx";
import { type MessagePlace, MessagePlaceProvider } from "../embed/message-place.ts";
import type { ListView } from "../list/list-view.ts";
import { VirtualList } from "../list/virtual-list.tsx";
import { BrokenMessage, MessageBoundary } from "./message-boundary.tsx";
import { MessageCard } from "./message-card.tsx";
import type { RoomModel } from "./room-model.ts";
import { type Shared, sharedOf } from "./shared-mark.ts";
import { isSilent } from "./silent.ts";
import { authorOf, badgeOf, excerpt, speakerOf } from "./speaker.ts";

/** Most of what is read is stored, and by somebody who only reads. */
const Unstored = lazy(async () => (await import("./unstored.tsx")).Unstored);
const Boundary = lazy(async () => (await import("./boundary.tsx")).Boundary);
const UnaskedNote = lazy(async () => (await import("./unasked-note.tsx")).UnaskedNote);
const Reactions = lazy(async () => (await import("../group/reactions.tsx")).Reactions);
const ReplyFoot = lazy(async () => (await import("./reply-foot.tsx")).ReplyFoot);
const OwnAnswerFoot = lazy(async () => (await import("./reply-foot.tsx")).OwnAnswerFoot);
const EditForm = lazy(async () => (await import("./edit-form.tsx")).EditForm);

export interface MessageListProps {
  readonly model: RoomModel;
  readonly view: ListView;
  /** The message that a link names. */
  readonly highlighted: MessageId | null;
  /** The row that a search has led to. */
  readonly hit: number | null;
}

export function MessageList({ model, view, highlighted, hit }: MessageListProps) {
  return (
    <div class="conversation">
      <StoredMessages model={model} view={view} highlighted={highlighted} hit={hit} />
      {model.unstored.value && <Unstored model={model} />}
    </div>
  );
}

function StoredMessages({ model, view, highlighted, hit }: MessageListProps) {
  const messages = model.window.value;
  const owner = model.role === "owner";
  const sharedThrough = model.sharedThrough.value;
  const unasked = model.unasked.value;
  const around = model.around.value;
  const reactions = model.reactions.value;
  const origins = model.origins.value;
  const pointed = model.pointed.value ?? highlighted;
  const need = useCallback((first: number, last: number) => model.need(first + 1, last + 1), [model]);
  const sight = { sharedThrough, opens: model.opens.value, together: model.together.value };
  const row = (index: number, formed: boolean) => {
    const message = messages.at(index + 1);
    if (!message) return null;
    const last = owner && message.seq === sharedThrough;
    const { body } = message;
    if (body.type === "content" && isSilent(body.content)) return last && <Boundary model={model} />;
    const seen = hit === null ? message.id === pointed : hit === index;
    return (
      <>
        {around?.above(message)}
        <MessageBoundary message={message}>
          <StoredMessage
            message={message}
            model={model}
            shared={owner ? sharedOf(message.seq, sight) : null}
            highlighted={seen}
            formed={formed}
          />
        </MessageBoundary>
        {reactions.of(message.seq).length > 0 && <Reactions message={message} model={model} />}
        {around?.beneath(message)}
        {origins?.beneath(message)}
        {unasked.has(message.id) && <UnaskedNote id={message.id} unasked={unasked.get(message.id)} model={model} />}
        {last && <Boundary model={model} />}
      </>
    );
  };
  return <VirtualList view={view} length={messages.through} label="Messages" row={row} onRows={need} />;
}

interface StoredMessageProps {
  readonly message: RoomMessage;
  readonly model: RoomModel;
  readonly shared: Shared | null;
  readonly highlighted: boolean;
  readonly formed: boolean;
}

function StoredMessage(props: StoredMessageProps) {
  const { message, model } = props;
  const { body } = message;
  if (body.type === "broken") return <BrokenMessage sentence={body.message} />;
  if (body.type === "reply") return <ReplyMessage {...props} reply={body.reply} />;
  if (body.type === "redacted") return <DeletedMessage {...props} body={body} />;
  const { content } = body;
  if (content.type === "message") return <TextMessage {...props} content={content} />;
  const known = model.nameOf(message.sender);
  const name = (content.type === "join" && plainLine(content.name)) || known;
  return (
    <p class="notice">
      <bdi>{name}</bdi>
      {content.type === "join"
        ? ` joined${joinNote(name, model.another(message.sender, name))}`
        : " wrote something that this version can’t show."}
    </p>
  );
}

/** What somebody new calls themselves may be taken for somebody else. */
function joinNote(name: string, another: string | null): string {
  if (resemblesMate(name)) return " (a person, not OpenMates)";
  return another === null ? "" : `. ${another}: a new device of theirs, or somebody else under that name.`;
}

type Body<Type> = Extract<RoomMessage["body"], { type: Type }>;

function TextMessage(
  props: StoredMessageProps & { content: Extract<Body<"content">["content"], { type: "message" }> },
) {
  const { message, model, content, shared, highlighted, formed } = props;
  // A copy is not the word of who copied it.
  const author = authorOf(message);
  const mine = content.role === "user" && author === model.me;
  const speaker = speakerOf({ role: content.role, name: content.name, fallback: model.nameOf(author) });
  const change = model.amending.value.find(({ target }) => target === message.id);
  const { edited } = message;
  return (
    <MessagePlaceProvider value={placeOf(message, model)}>
      <MessageCard
        id={message.id}
        speakerName={speaker.name}
        speakerKind={speaker.kind}
        colour={content.role === "user" ? model.colourOf(message.sender, content.name) : null}
        mine={mine}
        parts={change?.text == null ? content.parts : withWords(content.parts, change.text)}
        time={content.time}
        detail={content.model}
        shared={shared}
        highlighted={highlighted}
        formed={formed}
        {...useQuote(content.replyTo, props)}
        footer={message.doubt && `Careful: ${message.doubt} Whoever wrote this, or the server, is not honest.`}
        foot={content.answer ? footOf(message, model) : null}
        inPlace={model.editing.value === message.id ? <EditForm message={message} model={model} /> : null}
        editedAt={edited?.time ?? null}
        edited={change ? onItsWay(change) : edited && editedMark(edited, { shared, model })}
        badge={
          badgeOf(content) ??
          (content.role === "user" ? model.another(author, speaker.name) : null) ??
          (content.withheld ? "Not for models" : null)
        }
        onReply={model.onReply}
      />
    </MessagePlaceProvider>
  );
}

/** An edit is seen at once by whoever makes it; what was attached stays. */
function withWords(parts: readonly Part[], text: string): readonly Part[] {
  return [...textParts(text), ...parts.filter(({ type }) => type === "image" || type === "file")];
}

function onItsWay({ text }: { text: string | null }): string {
  return text === null ? "deleting…" : "saving…";
}

/** The owner also sees whether readers have it. */
function editedMark({ seq }: { seq: number }, { shared, model }: { shared: Shared | null; model: RoomModel }): string {
  return shared === "shared" && seq > model.sharedThrough.value ? "edited, not shared yet" : "edited";
}

const places = new WeakMap<RoomMessage, MessagePlace>();

/** The same place each time, so that what stands in a message is not rendered again for nothing. */
function placeOf(message: RoomMessage, { room, me }: RoomModel): MessagePlace {
  const known = places.get(message) ?? { chat: room.chat, sender: message.sender, mine: message.sender === me };
  places.set(message, known);
  return known;
}

function ReplyMessage(props: StoredMessageProps & { reply: Body<"reply">["reply"] }) {
  const { message, model, reply, shared, highlighted, formed } = props;
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
      formed={formed}
      {...useQuote(reply.replyTo, props)}
      footer={null}
      foot={footOf(message, model)}
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

const feet = new WeakMap<RoomMessage, ComponentChildren>();

/** The same each time, so that a card is not rendered again for nothing. */
function footOf(message: RoomMessage, model: RoomModel): ComponentChildren {
  const { body, id } = message;
  const own = body.type === "content" && body.content.type === "message" ? body.content : null;
  if (body.type !== "reply" && !own?.answer) return null;
  const foot =
    feet.get(message) ??
    (body.type === "reply" ? (
      <ReplyFoot id={id} reply={body.reply} model={model} />
    ) : (
      <OwnAnswerFoot id={id} content={own} sender={authorOf(message)} model={model} />
    ));
  feet.set(message, foot);
  return foot;
}

/** What a message answers, and the way there; nothing when that stands right above it. */
function useQuote(replyTo: MessageId | null, { message, model, formed }: StoredMessageProps) {
  const quoted = replyTo === null ? undefined : model.find(replyTo);
  const missing = replyTo !== null && !quoted && formed;
  useEffect(() => {
    if (missing) model.bring(replyTo);
  }, [missing, replyTo, model]);
  const onQuoted = useCallback(() => replyTo && model.jumpTo?.(replyTo), [replyTo, model]);
  if (replyTo === null || quoted?.seq === message.seq - 1) return { quoted: null, onQuoted: null };
  return { quoted: quoted ? model.quoteOf(quoted, (text) => excerpt(text)) : "An earlier message", onQuoted };
}

function DeletedMessage({ message, body, shared, model }: StoredMessageProps & { body: Body<"redacted"> }) {
  const unshared = shared === "shared" && body.seq > model.sharedThrough.value;
  return (
    <p class="notice" id={`message-${message.id}`} tabIndex={-1}>
      {body.by === "owner" ? "This message was removed by the owner." : "This message was deleted."}
      {unshared && " People with a link to read see it until you update the shared chat."}
    </p>
  );
}
