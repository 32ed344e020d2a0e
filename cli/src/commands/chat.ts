import { type AskId, asksMate, ClientError, MATE_NAME, type OwnModel, type Room } from "@openmates-share/client";
import { ChatLog } from "../chat/chat-log.ts";
import { follow } from "../chat/follow.ts";
import { type OwnModelFlags, ownModelFrom } from "../chat/own-model.ts";
import { givenName, nameIn } from "../chat/own-name.ts";
import { printAnswer } from "../chat/print-answer.ts";
import { contextLines, isYes, planAsk } from "../chat/show-context.ts";
import { Talk } from "../chat/talk.ts";
import { harmlessLine } from "../harmless.ts";
import { withRoom } from "../open-link.ts";
import { withPatience } from "../patience.ts";
import type { Terminal } from "../terminal.ts";
import { UsageError } from "../usage-error.ts";
import { abortable, requireWritable } from "./send.ts";

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
/** For the word that an answer is to stop to reach the server. Milliseconds. */
const STOPPING = 2_000;

/** Joins a chat: to talk at a terminal, to follow, to send what comes in by a pipe, or to ask one thing. */
export async function chat(terminal: Terminal, link: string, options: ChatCommand): Promise<void> {
  if (options.follow && options.ask !== undefined) throw new UsageError("Please choose one of --follow and --ask.");
  const name = givenName(options.name);
  const own = ownModelFrom(options, terminal.env);
  const text = await givenText(terminal, { link, options });
  const passwordStdin = options.passwordStdin ?? false;
  await withRoom(terminal, { link, server: options.server, passwordStdin, live: true }, async (room) => {
    const { signal } = terminal;
    await withPatience({ room, signal, wait: (patient) => room.whenLive(patient) });
    await withPatience({ room, signal, wait: (patient) => room.whenComplete(patient) });
    requireSound(room);
    if (text !== null)
      await sendOnce(terminal, room, { text, name, own, yes: options.yes ?? false, wait: options.ask !== undefined });
    else if (options.follow || room.state.role === "reader") await onlyFollow(terminal, room, options);
    else await talk(terminal, room, { ...options, name, own });
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

/** Sends one message; `wait`: it has to be answered, and the answer is the result. */
async function sendOnce(
  terminal: Terminal,
  room: Room,
  how: { text: string; name: string | null; own: OwnModel | null; yes: boolean; wait: boolean },
): Promise<void> {
  const { text, own, yes, wait } = how;
  requireWritable(room.state);
  const name = await nameIn(room, terminal, how.name);
  const { signal } = terminal;
  const patiently = <T>(work: () => Promise<T>) =>
    withPatience({ room, signal, wait: (patient) => abortable(patient, work()) });
  await patiently(() => room.join(name));
  const plan = asksMate({ text, origin: "written" }) ? await planAsk(room, text) : null;
  if (plan && !yes) {
    for (const line of contextLines(plan, own)) await terminal.say(line);
    await requireConsent(terminal, wait);
  }
  const asks = plan !== null && (yes || wait || terminal.interactive);
  const message = await patiently(() => room.send(text));
  const ask = asks && plan ? await patiently(() => room.ask(message, { along: plan.along, own })) : null;
  await terminal.say(ask ? `Sent, and @${MATE_NAME} is asked.` : "Sent.");
  if (plan && !ask) await terminal.say(`@${MATE_NAME} was not asked: that needs --yes where nobody can be asked.`);
  if (ask) await answered(terminal, room, ask);
}

/** @throws UsageError without a yes; nothing was sent then */
async function requireConsent(terminal: Terminal, wait: boolean): Promise<void> {
  if (terminal.interactive) {
    if (isYes(await terminal.ask("Send and ask? [y/N] "))) return;
    throw new UsageError("Nothing was sent.");
  }
  if (wait) throw new UsageError("Nobody is there to agree that this goes to the model: please add --yes.");
}

/** Prints the answer; Ctrl-C stops it for everybody before this ends. */
async function answered(terminal: Terminal, room: Room, ask: AskId): Promise<void> {
  const { signal } = terminal;
  try {
    await withPatience({ room, signal, wait: (patient) => printAnswer({ terminal, room, ask, signal: patient }) });
  } catch (error) {
    if (signal.aborted) await Promise.race([room.stop(ask), passed(STOPPING)]).catch(() => undefined);
    throw error;
  }
}

function passed(pause: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, pause).unref();
  });
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
  options: Omit<ChatCommand, "name"> & { readonly name: string | null; readonly own: OwnModel | null },
): Promise<void> {
  requireWritable(room.state);
  await terminal.say(`${harmlessLine(room.state.title) || "Untitled chat"}: end-to-end encrypted`);
  const name = await nameIn(room, terminal, options.name);
  // Not waited for: while the line is down one may read already.
  room
    .join(name)
    .catch((error: unknown) => void terminal.say(error instanceof Error ? error.message : "That did not work."));
  const { own, yes = false, answerOthers: answersOthers = false } = options;
  await new Talk({ room, terminal, yes, own, answersOthers }).run(firstOf(room, options));
}

function firstOf({ state }: Room, { last = LAST }: Pick<ChatCommand, "last">): number {
  return state.messages.through - last + 1;
}

function requireSound({ state: { integrity } }: Room): void {
  if (integrity.state !== "violated") return;
  throw new ClientError(integrity.code, `This is not what was shared: ${integrity.message}`);
}
