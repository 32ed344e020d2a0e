import { asksMate, ClientError, MATE_NAME, type Room } from "@openmates-share/client";
import { ChatLog } from "../chat/chat-log.ts";
import { follow } from "../chat/follow.ts";
import { type OwnModelFlags, ownModelFrom } from "../chat/own-model.ts";
import { givenName, nameIn } from "../chat/own-name.ts";
import { requireWritable, sendOnce } from "../chat/send-once.ts";
import { type Answerer, answererOf } from "../chat/show-context.ts";
import { Talk } from "../chat/talk.ts";
import { harmlessLine } from "../harmless.ts";
import { withRoom } from "../open-link.ts";
import { withPatience } from "../patience.ts";
import type { Terminal } from "../terminal.ts";
import { UsageError } from "../usage-error.ts";

export interface ChatCommand extends OwnModelFlags {
  readonly name?: string;
  readonly last?: number;
  readonly follow?: boolean;
  readonly ask?: string;
  readonly yes?: boolean;
  readonly passwordStdin?: boolean;
  readonly server?: string;
}

/** Messages shown of what was said before. */
const LAST = 20;

/** Joins a chat: to talk at a terminal, to follow, to send what comes in by a pipe, or to ask one thing. */
export async function chat(terminal: Terminal, link: string, options: ChatCommand): Promise<void> {
  if (options.follow && options.ask !== undefined) throw new UsageError("Please choose one of --follow and --ask.");
  const name = givenName(options.name);
  const own = ownModelFrom(options, terminal.env);
  const text = await givenText(terminal, { link, options });
  const passwordStdin = options.passwordStdin ?? false;
  await withRoom(terminal, { link, server: options.server, passwordStdin, live: true }, async (room, client) => {
    const { signal } = terminal;
    await withPatience({ room, signal, wait: (patient) => room.whenLive(patient) });
    await withPatience({ room, signal, wait: (patient) => room.whenComplete(patient) });
    requireSound(room);
    if (text === null && (options.follow || room.state.role === "reader")) return onlyFollow(terminal, room, options);
    requireWritable(room.state);
    const answerer = await answererOf(client, own);
    if (text === null) return talk(terminal, room, { ...options, name, answerer });
    const { yes = false, ask } = options;
    // What comes in by a pipe is sent all the same where nobody can agree that it asks.
    await sendOnce(terminal, room, { text, name, answerer, yes, mustAsk: ask !== undefined, wait: true });
  });
}

/** Null where somebody is there to talk or to follow. */
async function givenText(
  terminal: Terminal,
  { link, options }: { link: string; options: ChatCommand },
): Promise<string | null> {
  if (options.follow) return null;
  if (options.ask === undefined && !terminal.piped) return null;
  if (options.ask === undefined && (link === "-" || options.passwordStdin)) {
    throw new UsageError("Standard input can't be the message as well: please use --follow or --ask.");
  }
  const given = options.ask ?? (await terminal.readInput("text")).toString("utf8");
  if (given.trim() === "") throw new UsageError("There is no text to send.");
  const text = given.trimEnd();
  return options.ask === undefined || asksMate({ text, origin: "written" }) ? text : `@${MATE_NAME} ${text}`;
}

/** @throws ClientError `aborted` at Ctrl-C, `not_found` when the chat ends */
async function onlyFollow(terminal: Terminal, room: Room, options: ChatCommand): Promise<void> {
  if (!options.follow) await terminal.say("This link is for reading: what is written shows here. Ctrl-C leaves.");
  const log = new ChatLog({ from: firstOf(room, options) });
  const show = (lines: string[]) => terminal.print(lines.map((line) => `${line}\n`).join(""));
  await follow({ room, log, show, signal: terminal.signal });
  throw new ClientError("aborted", "This was cancelled.");
}

async function talk(
  terminal: Terminal,
  room: Room,
  options: Omit<ChatCommand, "name"> & { readonly name: string | null; readonly answerer: Answerer },
): Promise<void> {
  await terminal.say(`${harmlessLine(room.state.title) || "Untitled chat"}: end-to-end encrypted`);
  const name = await nameIn(room, terminal, options.name);
  // Not waited for: while the line is down one may read already.
  room
    .join(name)
    .catch((error: unknown) => void terminal.say(error instanceof Error ? error.message : "That did not work."));
  const { answerer, yes = false, answerOthers: answersOthers = false } = options;
  await new Talk({ room, terminal, yes, answerer, answersOthers }).run(firstOf(room, options));
}

function firstOf({ state }: Room, { last = LAST }: Pick<ChatCommand, "last">): number {
  return state.messages.through - last + 1;
}

function requireSound({ state: { integrity } }: Room): void {
  if (integrity.state !== "violated") return;
  throw new ClientError(integrity.code, `This is not what was shared: ${integrity.message}`);
}
