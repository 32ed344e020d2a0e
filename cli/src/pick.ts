import type { ImportedConversation, ImportedFile } from "@openmates-share/importers";
import { harmlessLine } from "./harmless.ts";
import type { Terminal } from "./terminal.ts";
import { UsageError } from "./usage-error.ts";

/** The conversation to share: the only one, the one of `--pick`, or the one that the person at the terminal names. */
export async function pickConversation(
  terminal: Terminal,
  options: { file: ImportedFile; pick: number | undefined },
): Promise<ImportedConversation> {
  const { conversations } = options.file;
  const [only] = conversations;
  if (options.pick !== undefined) return byNumber(conversations, options.pick);
  if (only && conversations.length === 1) return only;
  await terminal.say(listed(conversations));
  if (terminal.interactive) {
    return byNumber(conversations, numberFrom(await terminal.ask(`Which one? [1-${conversations.length}] `)));
  }
  throw new UsageError(`There are ${conversations.length} conversations in this file. Choose one with --pick N.`);
}

/** @throws UsageError for anything but a whole number from 1 */
export function numberFrom(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text.trim())) return Number(text);
  throw new UsageError("The conversation's number has to be a whole number from 1.");
}

function byNumber(conversations: readonly ImportedConversation[], number: number): ImportedConversation {
  const picked = conversations[number - 1];
  if (picked) return picked;
  const count = conversations.length === 1 ? "is 1 conversation" : `are ${conversations.length} conversations`;
  throw new UsageError(`There is no conversation ${number}: there ${count} in this file.`);
}

function listed(conversations: readonly ImportedConversation[]): string {
  const width = String(conversations.length).length;
  return conversations
    .map(({ title, time, messageCount }, index) => {
      const date = time === null ? "          " : new Date(time).toISOString().slice(0, 10);
      const count = messageCount === 1 ? "1 message" : `${messageCount} messages`;
      return `${String(index + 1).padStart(width)}  ${date}  ${harmlessLine(title)} (${count})`;
    })
    .join("\n");
}
