import { MATE_NAME } from "@openmates-share/client";
import { useSignalEffect } from "@preact/signals";
import { useRef } from "preact/hooks";
import { announce } from "../app/toasts.tsx";
import type { RoomModel } from "./room-model.ts";
import { excerpt } from "./speaker.ts";

/** A screen reader hears the beginning; the rest is there to be read. */
const HEARD = 200;

/** Says what others write while the chat is open, and that the mate has begun to answer. */
export function useAnnouncedMessages(model: RoomModel): void {
  const heard = useRef<number | null>(null);
  const answering = useRef(0);
  useSignalEffect(() => {
    const { messages, complete, answers, me } = model.state.value;
    const last = messages.at(messages.through);
    if (!complete || !last) return;
    const before = heard.current;
    heard.current = last.seq;
    const running = answers.filter(({ state }) => state === "running").length;
    if (running > answering.current) announce(`${MATE_NAME} is answering`);
    answering.current = running;
    // What was there when the chat was opened is read, not announced.
    if (before === null || last.seq <= before || (last.sender === me && last.body.type === "content")) return;
    announce(model.quoteOf(last, (text) => excerpt(text, HEARD)));
  });
}
