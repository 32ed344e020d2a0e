import { MATE_NAME } from "@openmates-share/client";

/** An `@` that begins a word, with what was typed behind it. */
const STARTED = /(^|[\s([{"'“‘])@(\p{L}{0,20})$/u;

/** Whether what stands before the caret is the beginning of `@OpenMates`. */
export function suggestsMate(text: string, caret: number): boolean {
  const started = STARTED.exec(text.slice(0, caret));
  const typed = started?.[2];
  return typed !== undefined && MATE_NAME.toLowerCase().startsWith(typed.toLowerCase());
}

/** Puts the whole mention where it was begun, or at the caret. */
export function completeMention(text: string, caret: number): { text: string; caret: number } {
  const begun = suggestsMate(text, caret);
  const start = begun ? text.slice(0, caret).lastIndexOf("@") : caret;
  const before = text.slice(0, start);
  const space = before === "" || /\s$/.test(before) || begun ? "" : " ";
  const head = `${before}${space}@${MATE_NAME} `;
  return { text: head + text.slice(caret).replace(/^ /, ""), caret: head.length };
}
