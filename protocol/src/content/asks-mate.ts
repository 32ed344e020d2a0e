import { mentionsMate } from "./mention.ts";

/**
 * How a text came into a chat: sent as a new message by whoever wrote it; put in the place of another; with a conversation
 * that was brought in from a file or pasted; as the copy of a message of another chat; or passed on for somebody elsewhere.
 */
export type TextOrigin = "written" | "edited" | "imported" | "copied" | "relayed";

const ASKS: Readonly<Record<TextOrigin, boolean>> = {
  written: true,
  // Who reads back would find a question that nobody was asked (SPEC C11).
  edited: false,
  // Was asked, and answered, where it comes from.
  imported: false,
  copied: false,
  relayed: false,
};

/**
 * Whether a text asks the mate (R9, SPEC section 13): it has a mention, its writer sends it here and now, and it is not kept
 * from models. The one place that decides it, for every client.
 */
export function asksMate({
  text,
  origin,
  withheld = false,
}: {
  readonly text: string;
  readonly origin: TextOrigin;
  readonly withheld?: boolean;
}): boolean {
  return ASKS[origin] && !withheld && mentionsMate(text);
}
