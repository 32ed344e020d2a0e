import { ClientError, type Room, type RoomMessage } from "@openmates-share/client";
import { chatJson, chatMarkdown, chatReading, type WholeChat } from "../chat-text.ts";
import { harmlessJson } from "../harmless.ts";
import { writeKept } from "../kept-file.ts";
import { withRoom } from "../open-link.ts";
import { withPatience } from "../patience.ts";
import type { Terminal } from "../terminal.ts";
import { UsageError } from "../usage-error.ts";

export interface OpenCommand {
  readonly passwordStdin?: boolean;
  readonly json?: boolean;
  readonly markdown?: boolean;
  readonly server?: string;
  /** Writes a page to this file instead of printing. */
  readonly html?: string;
  /** With `html`: under a password. */
  readonly encrypt?: boolean;
}

/** Prints the conversation behind a link, once all of it is there and is what the owner sealed. */
export async function open(terminal: Terminal, link: string, options: OpenCommand): Promise<void> {
  const { html, encrypt = false } = options;
  const forms = [options.json, options.markdown, html !== undefined].filter(Boolean).length;
  if (forms > 1) throw new UsageError("Please choose one of --json, --markdown and --html.");
  if (encrypt && html === undefined) throw new UsageError("--encrypt is for the file of --html.");
  const passwordStdin = options.passwordStdin ?? false;
  await withRoom(
    terminal,
    { link, server: options.server, passwordStdin, live: false },
    async (room, client, server) => {
      if (html !== undefined) {
        const password = encrypt ? await newPassword(terminal) : null;
        await writeKept(terminal, { room, client, server }, { path: html, password });
        await terminal.say(
          encrypt ? "Written; it opens with the password alone." : "Written; whoever has the file can read it.",
        );
        return;
      }
      const chat = await readAll(terminal, room);
      await terminal.print(written(chat, options));
      requireSound(chat);
    },
  );
}

/** Typed twice, for nobody can recover it; out of a pipe once. */
async function newPassword(terminal: Terminal): Promise<string> {
  if (!terminal.interactive) return terminal.readLine("password for the file");
  const password = await terminal.ask("Password for the file: ", { hidden: true });
  if (password === "") throw new UsageError("The password is empty.");
  if ((await terminal.ask("Once more: ", { hidden: true })) === password) return password;
  throw new UsageError("These were two different passwords.");
}

/** @throws ClientError for a message that does not open, or that contradicts what is shown (its writer or the server lies) */
function requireSound({ messages }: WholeChat): void {
  for (const { seq, body, doubt } of messages) {
    if (body.type === "broken") {
      throw new ClientError(body.code, `Not every message could be opened. ${body.message}`);
    }
    if (doubt) throw new ClientError("head_mismatch", `Message ${seq} can't be relied on. ${doubt}`);
  }
}

/** @throws ClientError with the code of what is wrong when the server shows something else than was shared (R2) */
async function readAll(terminal: Terminal, room: Room): Promise<WholeChat> {
  const { signal } = terminal;
  await withPatience({ room, signal, wait: (patient) => room.whenComplete(patient) });
  const messages: RoomMessage[] = [];
  for await (const page of room.read({ signal })) messages.push(...page);
  const { state } = room;
  if (state.integrity.state !== "violated") return { state, messages };
  throw new ClientError(state.integrity.code, `This is not what was shared: ${state.integrity.message}`);
}

function written(chat: WholeChat, { json, markdown }: OpenCommand): string {
  if (json) return `${harmlessJson(chatJson(chat))}\n`;
  return markdown ? chatMarkdown(chat) : chatReading(chat);
}
