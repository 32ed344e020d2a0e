import type { types } from "@slack/bolt";

export function plain(text: string): types.PlainTextElement {
  return { type: "plain_text", text };
}

/** `1 message`, `1,200 messages`. */
export function counted(count: number, noun: string): string {
  return `${count.toLocaleString("en-GB")} ${noun}${count === 1 ? "" : "s"}`;
}

/** A time as each reader's Slack writes it. @param time milliseconds since 1970 */
export function when(time: number): string {
  const day = new Date(time).toISOString().slice(0, 10);
  return `<!date^${Math.floor(time / 1000)}^{date_short_pretty} {time}|${day}>`;
}
