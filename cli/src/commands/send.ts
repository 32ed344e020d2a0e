import { asksMate, MATE_NAME } from "@openmates-share/client";
import { GUEST, givenName } from "../chat/own-name.ts";
import { requireWritable, sendOnce } from "../chat/send-once.ts";
import { answererOf } from "../chat/show-context.ts";
import { withRoom } from "../open-link.ts";
import { withPatience } from "../patience.ts";
import type { Terminal } from "../terminal.ts";
import { UsageError } from "../usage-error.ts";

export interface SendCommand {
  readonly wait?: boolean;
  readonly yes?: boolean;
  readonly passwordStdin?: boolean;
  readonly name?: string;
  readonly server?: string;
}

/**
 * Writes to a collaborative chat. What a mention sends to the model is shown and confirmed first; with `--wait` the answer is
 * printed as it grows.
 */
export async function send(
  terminal: Terminal,
  args: { link: string; text: string },
  options: SendCommand,
): Promise<void> {
  const text = await givenText(terminal, args);
  const asks = asksMate({ text, origin: "written" });
  const { wait = false, yes = false, passwordStdin = false, server } = options;
  if (wait && !asks) throw new UsageError(`There is no answer to wait for: the text does not mention @${MATE_NAME}.`);
  const name = givenName(options.name);
  const opening = { link: args.link, server, passwordStdin, live: true, ...(name ? { name } : {}) };
  await withRoom(terminal, opening, async (room, client) => {
    requireWritable(room.state);
    const { signal } = terminal;
    await withPatience({ room, signal, wait: (patient) => room.whenLive(patient) });
    // What goes along with a mention is known once the chat is.
    if (asks) await withPatience({ room, signal, wait: (patient) => room.whenComplete(patient) });
    const answerer = await answererOf(client, null);
    const shown = await sendOnce(terminal, room, { text, name, answerer, yes, mustAsk: true, wait });
    if (shown === GUEST) await terminal.say(`The others see it as from “${GUEST}”: --name gives another name.`);
  });
}

async function givenText(terminal: Terminal, { link, text }: { link: string; text: string }): Promise<string> {
  if (link === "-" && text === "-") throw new UsageError("The link and the text can't both come from standard input.");
  const given = text === "-" ? (await terminal.readInput("text")).toString("utf8") : text;
  if (given.trim() === "") throw new UsageError("There is no text to send.");
  return given.trimEnd();
}
