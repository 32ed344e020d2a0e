import { type Forked, LIMITS, type Room } from "@openmates-share/client";
import { givenName } from "../chat/own-name.ts";
import { harmlessJson, harmlessLine } from "../harmless.ts";
import { type LinkFlags, linkOptionsFrom } from "../link-flags.ts";
import { withRoom } from "../open-link.ts";
import type { Terminal } from "../terminal.ts";
import { UsageError } from "../usage-error.ts";

export interface ForkCommand extends LinkFlags {
  readonly upTo?: number;
  readonly title?: string;
  readonly name?: string;
  /** Makes a link to the fork at once. */
  readonly link?: boolean;
  readonly passwordStdin?: boolean;
  readonly server?: string;
  readonly json?: boolean;
}

/** Copies what one reads into a chat of one's own, with what proves it; prints the chat's id, or a link to it. */
export async function fork(terminal: Terminal, given: string, options: ForkCommand): Promise<void> {
  const { link: linked = false, json = false, passwordStdin = false, server } = options;
  if (
    !linked &&
    (options.mode ?? options.collaborative ?? options.expires ?? options.views ?? options.label) !== undefined
  ) {
    throw new UsageError("The fork starts private, without a link: please add --link to make one.");
  }
  const link = linkOptionsFrom(options);
  const title = givenTitle(options.title);
  const name = givenName(options.name);
  await withRoom(terminal, { link: given, server, passwordStdin, live: false }, async (room, client) => {
    const forked = await client.fork(room, {
      ...(options.upTo === undefined ? {} : { through: requireNumber(room, options.upTo) }),
      ...(title ? { title } : {}),
      ...(name ? { name } : {}),
      onProgress: (done, total) => void terminal.progress(`Copied ${Math.floor((100 * done) / total)} %`),
      signal: terminal.signal,
    });
    await terminal.endProgress();
    await tell(terminal, forked);
    const url = linked ? (await client.createLink(forked.chat, link)).url : null;
    await terminal.print(json ? `${harmlessJson({ ...forked, url })}\n` : `${url ?? forked.chat}\n`);
  });
}

function givenTitle(title: string | undefined): string | null {
  if (title === undefined) return null;
  const line = harmlessLine(title);
  if (line === "" || line.length > LIMITS.title)
    throw new UsageError(`The title has to have 1 to ${LIMITS.title} characters.`);
  return line;
}

function requireNumber({ state }: Room, upTo: number): number {
  if (upTo <= state.messages.through) return upTo;
  throw new UsageError(`The chat has ${state.messages.through} messages; --up-to names one of them.`);
}

async function tell(terminal: Terminal, { title, copies, leftOut, unproven, filesLeftOut }: Forked): Promise<void> {
  const notes = [
    `Forked “${harmlessLine(title)}”: ${counted(copies, "message")}, private.`,
    leftOut > 0 && `${counted(leftOut, "message")} that were deleted or can't be read are not in it.`,
    unproven > 0 && `${counted(unproven, "message")} had to go without proof: too long.`,
    filesLeftOut > 0 && `${counted(filesLeftOut, "file")} could not be copied.`,
  ];
  for (const note of notes) if (note !== false) await terminal.say(note);
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
