import type { BranchId, OpenedConversation, OpenedImport } from "@openmates-share/importers";
import { harmlessLine } from "./harmless.ts";
import type { Terminal } from "./terminal.ts";
import { UsageError } from "./usage-error.ts";

/** The conversation to share: the only one, the one of `--pick`, or the one that the person at the terminal names. */
export async function pickConversation(
  terminal: Terminal,
  options: { file: OpenedImport; pick: number | undefined },
): Promise<OpenedConversation> {
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

/** The version of `--branch`, from 1; undefined for what was on screen. @throws UsageError for one that is not there */
export function pickBranch({ branches }: OpenedConversation, number: number | undefined): BranchId | undefined {
  if (number === undefined) return undefined;
  const branch = branches[number - 1];
  if (branch) return branch.id;
  if (branches.length === 0) throw new UsageError("There is no other version of this conversation in the file.");
  const list = branches.map(
    ({ after, messageCount, words }, index) =>
      `${index + 1}  differs after message ${after}, ${messageCount} of its own: ${harmlessLine(words)}`,
  );
  throw new UsageError(`There is no version ${number} of this conversation. There are:\n${list.join("\n")}`);
}

/** @throws UsageError for anything but a whole number from 1 */
export function numberFrom(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text.trim())) return Number(text);
  throw new UsageError("The number has to be a whole number from 1.");
}

function byNumber(conversations: readonly OpenedConversation[], number: number): OpenedConversation {
  const picked = conversations[number - 1];
  if (picked) return picked;
  const count = conversations.length === 1 ? "is 1 conversation" : `are ${conversations.length} conversations`;
  throw new UsageError(`There is no conversation ${number}: there ${count} in this file.`);
}

function listed(conversations: readonly OpenedConversation[]): string {
  const width = String(conversations.length).length;
  return conversations
    .map(({ title, time, messageCount, branches }, index) => {
      const date = time === null ? "          " : new Date(time).toISOString().slice(0, 10);
      const count = messageCount === 1 ? "1 message" : `${messageCount} messages`;
      const others =
        branches.length === 0 ? "" : `, ${branches.length} other version${branches.length === 1 ? "" : "s"}`;
      return `${String(index + 1).padStart(width)}  ${date}  ${harmlessLine(title)} (${count}${others})`;
    })
    .join("\n");
}
