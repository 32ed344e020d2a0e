import { type KeptChat, MATE_NAME, type RoomMessage, type RoomState } from "@openmates-share/client";
import { useEffect, useState } from "preact/hooks";
import { counted, fullTime } from "../app/dates.ts";
import { IntegrityMark } from "../chat/integrity-mark.tsx";
import { speakerOf } from "../chat/speaker.ts";
import { Markdown } from "../markdown/markdown.tsx";
import { KeptPart } from "./kept-part.tsx";

/** The chat, all of it: what leaves the screen costs the browser nothing. */
export function KeptView({ kept }: { kept: KeptChat }) {
  const { room } = kept;
  const [state, setState] = useState(room.state);
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
        <Origin kept={kept} state={state} />
      </div>
      <div class="kept-messages">
        {messages.map((message) => (
          <KeptMessage key={message.id} message={message} kept={kept} state={state} />
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
      <span class="kept-host">{kept.from}</span>. It was decrypted and checked in this page, which can’t reach the
      network.
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
  if (body.type === "content" && body.content.type !== "message") {
    const { content } = body;
    // They are seen in the messages that they are about.
    if (content.type === "edit" || content.type === "redaction" || content.type === "reaction") return null;
    if (content.type === "withholding") return null;
    return (
      <p class="notice" dir="auto">
        {content.type === "join" ? `${content.name} joined` : "Something that this version can’t show."}
      </p>
    );
  }
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

function saidIn(body: RoomMessage["body"], { people }: RoomState, { sender }: RoomMessage) {
  if (body.type === "reply") {
    const { text, time, model } = body.reply;
    return { speaker: MATE_NAME, kind: "mate", text, parts: [], time, model } as const;
  }
  if (body.type !== "content" || body.content.type !== "message") return null;
  const { role, name, parts, time, model } = body.content;
  const fallback = people.find((person) => person.sender === sender)?.name ?? "Guest";
  const speaker = speakerOf({ role, name, fallback });
  return { speaker: speaker.name, kind: speaker.kind, text: null, parts, time, model };
}
