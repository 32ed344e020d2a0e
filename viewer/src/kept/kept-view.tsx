import {
  type Content,
  type KeptChat,
  MATE_NAME,
  plainLine,
  type RoomMessage,
  type RoomState,
} from "@openmates-share/client";
import { signal } from "@preact/signals";
import { Fragment } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import { counted, fullTime } from "../app/dates.ts";
import { IntegrityMark } from "../chat/integrity-mark.tsx";
import type { Around } from "../chat/room-model.ts";
import { isSilent } from "../chat/silent.ts";
import { authorOf, badgeOf, speakerOf } from "../chat/speaker.ts";
import { AncestryMark } from "../fork/ancestry-mark.tsx";
import { Markdown } from "../markdown/markdown.tsx";
import { KeptPart } from "./kept-part.tsx";

/** The chat, all of it: what leaves the screen costs the browser nothing. */
export function KeptView({ kept }: { kept: KeptChat }) {
  const { room } = kept;
  const [state, setState] = useState(room.state);
  const model = useMemo(() => ({ room, origins: signal<Around | null>(null) }), [room]);
  const [messages, setMessages] = useState<readonly RoomMessage[]>([]);
  useEffect(() => room.subscribe(setState), [room]);
  useEffect(() => {
    const read = async () => {
      for await (const page of room.read()) setMessages((before) => [...before, ...page]);
      setState(room.state);
    };
    read().catch(reportError);
  }, [room]);
  useEffect(() => {
    if (state.title) document.title = state.title;
  }, [state.title]);
  return (
    <main class="chat kept">
      <div class="chat-head">
        <h1 dir="auto">{state.title || "Untitled chat"}</h1>
        <IntegrityMark integrity={state.integrity} role={state.role} owner={state.owner} />
        {state.ancestry && <AncestryMark model={model} ancestry={state.ancestry} knows={null} />}
        <Origin kept={kept} state={state} />
      </div>
      <div class="kept-messages">
        {messages.map((message) => (
          <Fragment key={message.id}>
            <KeptMessage message={message} kept={kept} state={state} />
            {model.origins.value?.beneath(message)}
          </Fragment>
        ))}
      </div>
    </main>
  );
}

function Origin({ kept, state }: { kept: KeptChat; state: RoomState }) {
  const { chat, messages } = state;
  return (
    <p class="hint kept-origin">
      {counted(messages.through, "message")}, kept on {fullTime(kept.keptAt)} from chat <code>{chat}</code> at{" "}
      {kept.from}. It was decrypted and checked in this page, which can’t reach the network.
    </p>
  );
}

function KeptMessage({ message, kept, state }: { message: RoomMessage; kept: KeptChat; state: RoomState }) {
  const { body, doubt } = message;
  if (body.type === "broken") {
    return (
      <p class="notice bad">
        <b>This message can’t be shown.</b> {body.message}
      </p>
    );
  }
  if (body.type === "content" && body.content.type !== "message") return <Notice content={body.content} />;
  const said = saidIn(body, state, message);
  if (!said) return null;
  return (
    <article class={`message ${said.kind}`} aria-label={said.speaker}>
      <header class="message-head">
        <span class="message-by">
          <b class="speaker" dir="auto">
            {said.speaker}
          </b>
          {said.model && <span class="detail model">{said.model}</span>}
          {said.badge && <span class="mark accent">{said.badge}</span>}
          {said.time !== null && (
            <time class="detail" dateTime={new Date(said.time).toISOString()}>
              {fullTime(said.time)}
            </time>
          )}
        </span>
      </header>
      {said.text !== null && <Markdown text={said.text} />}
      {said.parts.map((part, index) => (
        <KeptPart key={index} part={part} breaks={said.kind === "person"} kept={kept} sender={message.sender} />
      ))}
      {doubt && <p class="message-foot">{doubt}</p>}
    </article>
  );
}

/** What is no message: who came in, and what this version doesn't know. */
function Notice({ content }: { content: Content }) {
  if (isSilent(content)) return null;
  return (
    <p class="notice" dir="auto">
      {content.type === "join"
        ? `${plainLine(content.name) || "Guest"} joined`
        : "Something that this version can’t show."}
    </p>
  );
}

function saidIn(body: RoomMessage["body"], { people, namesakes }: RoomState, message: RoomMessage) {
  if (body.type === "reply") {
    const { text, time, model } = body.reply;
    return { speaker: MATE_NAME, kind: "mate", text, parts: [], time, model, badge: null } as const;
  }
  if (body.type !== "content" || body.content.type !== "message") return null;
  const { role, name, parts, time, model, answer } = body.content;
  const author = authorOf(message);
  const fallback = people.find((person) => person.sender === author)?.name ?? "Guest";
  const speaker = speakerOf({ role, name, fallback });
  const namesake = role === "user" ? namesakes.of(author, speaker.name) : null;
  const another = namesake && namesake.place > 1 ? `Another ${speaker.name}` : null;
  // Whose word it is that a model gave it (SPEC A10).
  const badge = answer ? `By a model of ${fallback}’s own` : (badgeOf({ role, name }) ?? another);
  return { speaker: speaker.name, kind: speaker.kind, text: null, parts, time, model, badge };
}
