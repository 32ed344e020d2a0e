import type { Asking } from "@openmates-share/client";
import { harmless, harmlessLine } from "../harmless.ts";

/** What a mention sends in clear: who said what. */
export type AskContext = ReturnType<Asking["contextForDraft"]>;

/** Of each message so many characters are shown: enough to know it again. */
const SHOWN = 160;

/** Exactly what would go to the model, in clear: who, and how each message begins. */
export function contextLines(context: AskContext): string[] {
  const count = context.length === 1 ? "this message goes" : `these ${context.length} messages go`;
  return [
    `To the model ${count}, in clear:`,
    ...context.map(({ role, name, text }) => {
      const line = harmless(text).replace(/\s+/g, " ").trim();
      const shown = line.length > SHOWN ? `${[...line].slice(0, SHOWN).join("")} … (${text.length} characters)` : line;
      return `  ${harmlessLine(name) || role}: ${shown}`;
    }),
  ];
}

export function isYes(answer: string): boolean {
  return /^y(es)?$/i.test(answer.trim());
}
