import { note } from "../screens/mrkdwn-text.ts";
import { plain } from "../screens/words.ts";
import type { Block, Card } from "../slack/slack.ts";

/** Marks the bot's own answers, among all that it posts, as part of a conversation. */
export const ANSWER_METADATA = { type: "openmates_answer", payload: {} } as const;
/** Ends an answer that is being written. */
export const STOP_ANSWER_ACTION = "stop_answer";
/** Asks once more what could not be answered. */
export const ASK_AGAIN_ACTION = "ask_again";
/** Slack takes 12,000 characters of markdown in a message. */
const MARKDOWN_LIMIT = 11_500;

/** An answer as far as it goes, as a message. */
export function answerCard(markdown: string, { under = [] }: { under?: Block[] } = {}): Card {
  const text = shortened(markdown);
  return { text: text.slice(0, 3000) || "…", blocks: [{ type: "markdown", text: text || "…" }, ...under] };
}

export function shortened(markdown: string): string {
  return markdown.length <= MARKDOWN_LIMIT
    ? markdown
    : `${markdown.slice(0, MARKDOWN_LIMIT)}\n\n*(cut: Slack takes no more)*`;
}

/** With an answer that is being written, for everybody. @param value what the button has to know */
export function stopCard(value: string): Card {
  const text = "I am answering. Anybody here can stop me.";
  const button = { type: "button" as const, action_id: STOP_ANSWER_ACTION, text: plain("Stop"), value };
  return { text, blocks: [note(text), { type: "actions", elements: [button] }] };
}

/** Under an answer that failed: anybody can ask again. @param value what the button has to know */
export function againBlock(value: string): Block {
  return {
    type: "actions",
    elements: [{ type: "button", action_id: ASK_AGAIN_ACTION, text: plain("Try again"), value }],
  };
}

/** Under an answer that is finished: who gave it, and what it was given. */
export function answerNote(reply: {
  model: string;
  demo: boolean;
  given: { count: number };
  ended: "complete" | "stopped" | "length";
}): Block {
  const who = reply.demo ? "the built-in demo, no model" : reply.model;
  const ended = { complete: "", stopped: " · stopped", length: " · cut short" }[reply.ended];
  const messages = reply.given.count === 1 ? "1 message" : `${reply.given.count} messages`;
  return note(`Answered by ${who}, which was given ${messages} of this conversation${ended}.`);
}
