/** Controls of terminals (but for tab and line feed), of text direction, and characters that only break lines elsewhere. */
const CONTROL = /[^\P{Cc}\t\n]|[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;
const LINE_BREAK = /[\u2028\u2029]/g;
const HALF = /\p{Cs}/gu;

/**
 * A text that a terminal shows as it stands: a message can't move the cursor, name a window, paste a command or turn
 * lines around. Characters are judged one by one, so the parts of a text made harmless are the harmless text.
 */
export function harmless(text: string): string {
  return text.replace(CONTROL, "").replace(LINE_BREAK, "\n").replace(HALF, "\ufffd");
}

/** The same on one line, for titles and names. */
export function harmlessLine(text: string): string {
  return harmless(text).replace(/\s+/g, " ").trim();
}

/** JSON whose every character is harmless too; escaped, nothing is lost. */
export function harmlessJson(value: unknown): string {
  return JSON.stringify(value, null, 2).replace(
    /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
