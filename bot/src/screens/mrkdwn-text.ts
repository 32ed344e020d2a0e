import type { Block, Card } from "../slack/slack.ts";

/** Text of others in mrkdwn: no mentions, links or line breaks of its own, no characters that turn the line around. */
export function literal(text: string): string {
  return text
    .replaceAll(/[\p{Cc}\u202A-\u202E\u2066-\u2069]+/gu, " ")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .trim();
}

/** A URL inside `<url|label>`. */
export function address(url: string): string {
  return url.replaceAll("&", "&amp;");
}

export function section(text: string): Block {
  return { type: "section", text: { type: "mrkdwn", text } };
}

export function note(text: string): Block {
  return { type: "context", elements: [{ type: "mrkdwn", text }] };
}

/** A sentence as a message. */
export function sentence(text: string): Card {
  return { text, blocks: [section(text)] };
}
