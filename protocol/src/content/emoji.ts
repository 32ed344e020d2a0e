import { LIMITS } from "../wire/limits.ts";

/*
 * A flag, a keycap, or a picture with its skin colour or tags (UTS #51 section 1.4.9). Extended_Pictographic has the places
 * that later versions of Unicode may fill, so readers of different ages agree.
 */
const ELEMENT =
  /(?:\p{RI}\p{RI}|[0-9#*]\u{fe0f}?\u{20e3}|\p{ExtPict}(?:[\u{1f3fb}-\u{1f3ff}]|\u{fe0f}|[\u{e0020}-\u{e007e}]+\u{e007f})?)/u
    .source;
const EMOJI = new RegExp(`^${ELEMENT}(?:\u{200d}${ELEMENT})*$`, "u");

/** Whether a text is one emoji and nothing else, no longer than that of a reaction may be (SPEC C14). */
export function isEmoji(text: string): boolean {
  return text.length <= LIMITS.emoji && EMOJI.test(text);
}
