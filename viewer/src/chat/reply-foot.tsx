import type { MessageContent, MessageId, RoomMessage, SenderId } from "@openmates-share/client";
import { useState } from "preact/hooks";
import { counted, fullTime } from "../app/dates.ts";
import { Icon } from "../app/icons.tsx";
import "../styles/asking.css";
import { AskAgain } from "./ask-again.tsx";
import { ModelSelect } from "./model-select.tsx";
import type { RoomModel } from "./room-model.ts";
import { useMate } from "./use-mate.ts";

type Reply = Extract<RoomMessage["body"], { type: "reply" }>["reply"] & {
  /** Whose own model gave it; absent where the mate did. */
  readonly by?: string;
};

/** Beneath a finished answer: which model gave it and to what, the proof of that, and how to go on. */
export function ReplyFoot(props: { id: string; reply: Reply; model: RoomModel }) {
  const { id, reply, model } = props;
  const { closed, connection } = model.state.value;
  // Whoever may write may ask.
  const may = model.role === "owner" || (model.role === "member" && !closed && connection !== "ended");
  return (
    <div class="message-foot reply-foot">
      <details>
        <summary>{summaryOf(reply)}</summary>
        <Proof reply={reply} />
        {may && <AskOther reply={reply} model={model} />}
      </details>
      {may && reply.ended !== "complete" && (
        <button type="button" class="button small" onClick={() => model.goOn(id as MessageId)}>
          <Icon name="retry" />
          Continue
        </button>
      )}
    </div>
  );
}

/** The same beneath an answer of a member's own model, which is that member's word. */
export function OwnAnswerFoot(props: {
  id: string;
  content: MessageContent | null;
  sender: SenderId;
  model: RoomModel;
}) {
  const { id, content, sender, model } = props;
  if (!content?.answer || content.replyTo === null) return null;
  const { answer, replyTo, time, model: name } = content;
  const asking = model.find(replyTo);
  const said = asking?.body.type === "content" && asking.body.content.type === "message" ? asking.body.content : null;
  // The server passes on what anybody answers; who was asked stands in the message (SPEC A13).
  const unasked = asking !== undefined && asking.sender !== sender && said?.asks?.of !== sender;
  const reply = {
    ...answer,
    replyTo,
    model: name ?? "",
    demo: false,
    text: "",
    type: "reply",
    time: time ?? 0,
  } as const;
  const by = model.nameOf(sender);
  return (
    <>
      {unasked && <p class="message-foot bad">Careful: nobody asked {by}’s own model for this.</p>}
      <ReplyFoot id={id} reply={{ ...reply, by }} model={model} />
    </>
  );
}

function summaryOf({ model, demo, given, ended, by: whose }: Reply): string {
  if (whose)
    return `Answered by ${whose}’s own model ${model} · was given ${counted(given.count, "message")}${ENDED[ended]}`;
  const by = demo ? "No model is connected: the built-in demo answered" : `Answered by ${model}`;
  const messages = counted(given.offered, "message");
  const count = given.count < given.offered ? `the newest ${given.count} of ${messages}` : messages;
  return `${by} · was given ${count}${ENDED[ended]}`;
}

const ENDED = { complete: "", stopped: " · stopped by a person", length: " · cut off at the length limit" } as const;

function Proof({ reply }: { reply: Reply }) {
  const { model, given, time, by } = reply;
  const left = given.offered - given.count;
  return (
    <dl class="proof">
      <dt>Model</dt>
      <dd>{model}</dd>
      <dt>Given</dt>
      <dd>
        {counted(given.count, "message")}
        {left > 0 && `; the oldest ${left} of those that were sent had no room`}
      </dd>
      <dt>Hash of what it was given</dt>
      <dd>
        <code dir="ltr">{hexOf(given.hash)}</code>
      </dd>
      <dt>Signed</dt>
      <dd>
        {by
          ? `by ${by}, whose word alone it is which model answered and to what, ${fullTime(time)}. The server saw nothing of it.`
          : `by this server’s OpenMates service, ${fullTime(time)}.`}{" "}
        This device has checked the signature.
      </dd>
    </dl>
  );
}

function hexOf(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** One's own question can be put to another model, as a question of its own: there is never a second answer to one. */
function AskOther({ reply, model }: { reply: Reply; model: RoomModel }) {
  const mate = useMate();
  const [other, setOther] = useState<string | null>(null);
  if (model.find(reply.replyTo)?.sender !== model.me) return null;
  return (
    <>
      <ModelSelect
        mate={mate}
        label="Ask the same again of another model"
        prompt="Ask the same again of…"
        value={other}
        onChange={setOther}
      />
      {other !== null && (
        <AskAgain
          model={model}
          message={reply.replyTo}
          label="Ask again"
          of={other}
          only="server"
          onAsk={(options) => {
            setOther(null);
            void model.ask(reply.replyTo, options);
          }}
        />
      )}
    </>
  );
}
