import { MATE_NAME, type RoomMessage } from "@openmates-share/client";
import { useSignalEffect } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { announce } from "../app/toasts.tsx";
import type { RoomModel } from "./room-model.ts";
import { excerpt } from "./speaker.ts";

/** A screen reader hears the beginning; the rest is there to be read. */
const HEARD = 200;
/** What comes so close together is said at once. Milliseconds. */
const TOGETHER = 700;
/** More than that are counted, not read out. */
const READ_OUT = 2;

/** Says what others write while the chat is open, and that the mate has begun to answer. */
export function useAnnouncedMessages(model: RoomModel): void {
  const heard = useRef<number | null>(null);
  const answering = useRef(0);
  const waiting = useRef<{ messages: RoomMessage[]; timer?: ReturnType<typeof setTimeout> }>({ messages: [] });
  useEffect(() => () => clearTimeout(waiting.current.timer), []);
  useSignalEffect(() => {
    const { messages, complete, answers, me } = model.state.value;
    if (!complete) return;
    // What was there when the chat was opened is read, not announced.
    const from = heard.current ?? messages.through;
    heard.current = messages.through;
    const running = answers.filter(({ state }) => state === "running").length;
    if (running > answering.current) announce(`${MATE_NAME} is answering`);
    answering.current = running;
    const { current: queue } = waiting;
    for (let seq = from + 1; seq <= messages.through; seq += 1) {
      const message = messages.at(seq);
      if (message && isSpoken(message) && message.sender !== me) queue.messages.push(message);
    }
    if (queue.messages.length === 0) return;
    clearTimeout(queue.timer);
    queue.timer = setTimeout(() => say(queue.messages.splice(0), model), TOGETHER);
  });
}

function say(messages: readonly RoomMessage[], model: RoomModel): void {
  const words = messages.map((message) => model.quoteOf(message, (text) => excerpt(text, HEARD)));
  announce(words.length > READ_OUT ? `${words.length} new messages. The last one, ${words.at(-1)}` : words.join(". "));
}

/** What people say, and that they come; not what they change or react to. */
function isSpoken({ body }: RoomMessage): boolean {
  if (body.type === "content") return body.content.type === "message" || body.content.type === "join";
  return body.type === "reply";
}
