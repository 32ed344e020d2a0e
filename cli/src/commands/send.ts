import { type AskId, asksMate, ClientError, MATE_NAME, type Room, type RoomState } from "@openmates-share/client";
import { GUEST, givenName, nameIn } from "../chat/own-name.ts";
import { printAnswer } from "../chat/print-answer.ts";
import { withRoom } from "../open-link.ts";
import { withPatience } from "../patience.ts";
import type { Terminal } from "../terminal.ts";
import { UsageError } from "../usage-error.ts";

export interface SendCommand {
  readonly wait?: boolean;
  readonly passwordStdin?: boolean;
  readonly name?: string;
  readonly server?: string;
}

/** Writes to a collaborative chat; a mention asks the mate, and with `--wait` its answer is printed as it grows. */
export async function send(
  terminal: Terminal,
  args: { link: string; text: string },
  options: SendCommand,
): Promise<void> {
  const text = await givenText(terminal, args);
  const asks = asksMate({ text, origin: "written" });
  if (options.wait && !asks)
    throw new UsageError(`There is no answer to wait for: the text does not mention @${MATE_NAME}.`);
  const name = givenName(options.name);
  const opening = {
    link: args.link,
    server: options.server,
    passwordStdin: options.passwordStdin ?? false,
    live: true,
    ...(name ? { name } : {}),
  };
  await withRoom(terminal, opening, async (room) => {
    requireWritable(room.state);
    const { signal } = terminal;
    await withPatience({ room, signal, wait: (patient) => room.whenLive(patient) });
    const shown = await nameIn(room, terminal, name);
    const ask = await withPatience({
      room,
      signal,
      wait: (patient) => abortable(patient, say(room, { text, name: shown, asks })),
    });
    await terminal.say(ask ? `Sent, and @${MATE_NAME} is asked.` : "Sent.");
    if (shown === GUEST) await terminal.say(`The others see it as from “${GUEST}”: --name gives another name.`);
    if (ask && options.wait)
      await withPatience({ room, signal, wait: (patient) => printAnswer({ terminal, room, ask, signal: patient }) });
  });
}

async function givenText(terminal: Terminal, { link, text }: { link: string; text: string }): Promise<string> {
  if (link === "-" && text === "-") throw new UsageError("The link and the text can't both come from standard input.");
  const given = text === "-" ? (await terminal.readInput("text")).toString("utf8") : text;
  if (given.trim() === "") throw new UsageError("There is no text to send.");
  return given.trimEnd();
}

export function requireWritable({ role }: RoomState): void {
  if (role === "reader") throw new ClientError("not_allowed", "This link is for reading only.");
}

async function say(
  room: Room,
  { text, name, asks }: { text: string; name: string; asks: boolean },
): Promise<AskId | null> {
  await room.join(name);
  const message = await room.send(text);
  return asks ? room.ask(message) : null;
}

/** A send goes on by itself when the line is back; whoever is done waiting leaves it behind. */
export function abortable<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(new ClientError("aborted", "This was cancelled; whether it was sent is not known."));
    signal.addEventListener("abort", stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}
