import { Command, Option } from "commander";
import { login, logout, sessions, whoami } from "./commands/account.ts";
import { chat } from "./commands/chat.ts";
import { fork } from "./commands/fork.ts";
import { list } from "./commands/list.ts";
import { open } from "./commands/open.ts";
import { revoke } from "./commands/revoke.ts";
import { send } from "./commands/send.ts";
import { share } from "./commands/share.ts";
import { update } from "./commands/update.ts";
import { EXIT, EXIT_CODES_HELP, type ExitCode, exitCodeOf } from "./exit-code.ts";
import { numberFrom } from "./pick.ts";
import { Terminal, type TerminalSetup } from "./terminal.ts";

const HELP = `
Examples:
  omshare share conversations.json --pick 2     encrypts the second conversation of an export and prints its link
  omshare share - --title "Notes" < notes.md    the same with what comes in by a pipe
  omshare open 'https://…/share/chat/…#key=…'   prints what a link shows; the quotes keep the shell off the #
  omshare chat 'https://…' --name Ada           joins a chat that one may write in
  omshare share --help                          says what else there is, for each command

Results go to standard output, everything else to standard error.

Environment:
  OMSHARE_SERVER  the server to share on, when --server is not given (default: http://127.0.0.1:4000)
  OMSHARE_MODEL_KEY  the key of a model of your own, if it needs one (omshare chat --model-url)
  OMSHARE_HOME    where the keys are kept (default: omshare in XDG_DATA_HOME or ~/.local/share)
${EXIT_CODES_HELP}`;

/** Runs one command line, without the program's name, and returns what the process should end with. Never throws. */
export async function run(args: readonly string[], setup: TerminalSetup): Promise<ExitCode> {
  const terminal = new Terminal(setup);
  try {
    await program(terminal, setup).parseAsync([...args], { from: "user" });
    return EXIT.worked;
  } catch (error) {
    return fail(terminal, error);
  }
}

async function fail(terminal: Terminal, error: unknown): Promise<ExitCode> {
  if (terminal.signal.aborted) return EXIT.interrupted;
  const code = exitCodeOf(error);
  await terminal.endProgress();
  // Commander has said its own errors already.
  const said = error instanceof Error && error.name === "CommanderError";
  if (!said) await terminal.say(`omshare: ${error instanceof Error ? error.message : "Something went wrong."}`);
  return code;
}

function program(terminal: Terminal, { stdout, stderr }: TerminalSetup): Command {
  const omshare = new Command("omshare")
    .description("Share and open end-to-end encrypted conversations.")
    .version("0.1.0")
    .addHelpText("after", HELP)
    .configureOutput({ writeOut: (text) => stdout.write(text), writeErr: (text) => stderr.write(text) })
    .exitOverride();
  const password = new Option("--password-stdin", "read the password from standard input");
  const ofLink = new Option("--server <url>", "the server, if it is not the one in the link");
  const server = new Option("--server <url>", "the server to share on");

  omshare
    .command("share")
    .description("encrypt a conversation and print its link")
    .argument(
      "[file]",
      "an export of ChatGPT (also the whole .zip), Claude, LibreChat or ShareGPT, a transcript, any text; - for standard input",
    )
    .option("--title <title>", "another title than the conversation's own")
    .option("--pick <n>", "which conversation of the file, from 1", numberFrom)
    .option("--branch <n>", "another version of the conversation, from 1", numberFrom)
    .option("--mask", "mask keys, passwords, e-mail addresses, phone and account numbers that are found")
    .option("--resume", "go on with a sharing that was interrupted")
    .option("--name <name>", "your name in the chat")
    .addOption(password)
    .option("--mode <mode>", "read-only (default), or collaborative: people who have the link can write")
    .option("--collaborative", "the same as --mode collaborative")
    .option("--expires <time>", "when the link ends: 12h, 7d, 2w, 1y")
    .option("--views <n>", "how many devices may open the link")
    .option("--label <text>", "what you call the link; nobody else can read it")
    .option("--to <address...>", "for the person with this e-mail address alone; a link for each")
    .option("--mail", "have the server mail the links, which shows it their keys once")
    .addOption(server)
    .option("--json", "print the link and what it leads to as JSON")
    .action((file: string | undefined, options) => share(terminal, file, options));

  omshare
    .command("open")
    .description("print the conversation behind a link")
    .argument("<link>", "the link, in quotes; the id of a chat of this device; - to read it from standard input")
    .addOption(password)
    .option("--json", "as JSON")
    .option("--markdown", "as Markdown")
    .option("--html <file>", "write it as one page that opens in any browser and proves it without a server")
    .option("--encrypt", "with --html: under a password, asked for or read from standard input")
    .addOption(ofLink)
    .action((link: string, options) => open(terminal, link, options));

  omshare
    .command("send")
    .description("write to a collaborative chat; @OpenMates in the text asks for an answer")
    .argument("<link>", "the link, in quotes; - to read it from standard input")
    .argument("<text>", "the message, in Markdown; - to read it from standard input")
    .option("--wait", "print the answer as it grows")
    .option("--yes", "what a mention sends to the model need not be confirmed")
    .option("--name <name>", "your name in the chat")
    .addOption(password)
    .addOption(ofLink)
    .action((link: string, text: string, options) => send(terminal, { link, text }, options));

  chatCommands(omshare, terminal, { password, ofLink });

  omshare
    .command("list")
    .description("print the chats that this device holds keys for, and the links of your own")
    .addOption(server)
    .option("--json", "as JSON")
    .action((options) => list(terminal, options));

  omshare
    .command("update")
    .description("let readers see what was written since the chat was shared")
    .argument("<link>", "the link, in quotes; - to read it from standard input")
    .addOption(ofLink)
    .action((link: string, options) => update(terminal, link, options));

  omshare
    .command("revoke")
    .description("end a link of your own; what is written from then on is under a new key")
    .argument(
      "<link>",
      "the link, in quotes; its id; a chat's id for all of its links; - to read it from standard input",
    )
    .option("--also-others", "end links that were made on other devices too, if they can't go on")
    .addOption(ofLink)
    .action((link: string, options) => revoke(terminal, link, options));

  accountCommands(omshare, terminal, server);
  return omshare;
}

function chatCommands(omshare: Command, terminal: Terminal, options: { password: Option; ofLink: Option }): void {
  const { password, ofLink } = options;
  omshare
    .command("chat")
    .description("join a chat: read and write at a terminal, follow it, or send what comes in by a pipe")
    .argument("<link>", "the link, in quotes; the id of a chat of this device; - to read it from standard input")
    .option("--name <name>", "your name in the chat")
    .option("--last <n>", "how many messages of what was said before are shown (default: 20)", numberFrom)
    .option("--follow", "print what is written, and go on until Ctrl-C; nothing is sent")
    .option("--ask <text>", "ask @OpenMates that, and print the answer alone")
    .option("--yes", "what a mention sends to the model need not be confirmed")
    .option("--model-url <url>", "a model of your own answers: any OpenAI-compatible address, up to /v1")
    .option("--model <name>", "which of its models; everybody in the chat reads that name")
    .option("--answer-others", "it also answers others in the chat who ask it, while you are there")
    .addOption(password)
    .addOption(ofLink)
    .addHelpText("after", CHAT_HELP)
    .action((link: string, given) => chat(terminal, link, given));

  omshare
    .command("fork")
    .description("copy what a link shows into a chat of your own, with what proves where it came from")
    .argument("<link>", "the link, in quotes; the id of a chat of this device; - to read it from standard input")
    .option("--up-to <n>", "the number of the last message to copy; all of them when left out", numberFrom)
    .option("--title <title>", "another title than the chat's own")
    .option("--name <name>", "your name in the fork")
    .option("--link", "make a link to the fork; without it, it is private and its id is printed")
    .option("--mode <mode>", "of that link: read-only (default), or collaborative")
    .option("--collaborative", "the same as --mode collaborative")
    .option("--expires <time>", "when that link ends: 12h, 7d, 2w, 1y")
    .option("--views <n>", "how many devices may open that link")
    .option("--label <text>", "what you call that link; nobody else can read it")
    .addOption(password)
    .addOption(ofLink)
    .option("--json", "as JSON")
    .action((link: string, given) => fork(terminal, link, given));
}

const CHAT_HELP = `
In a pipe the whole input is one message, and the command ends when the server has stored it:
  echo "Good morning" | omshare chat LINK --name Ada
  omshare chat LINK --follow | tee chat.log
  omshare chat LINK --ask "What did we decide?" --yes
  omshare chat LINK --model-url http://localhost:11434/v1 --model llama3 --answer-others

At a terminal, /help says what you can do. Ctrl-C stops a running answer first, then leaves.`;

function accountCommands(omshare: Command, terminal: Terminal, server: Option): void {
  omshare
    .command("login")
    .description("sign in with a code sent by e-mail, or with Google; what you shared from here goes along")
    .argument("[e-mail]", "your address; asked for when left out")
    .option("--google", "sign in with Google in the browser")
    .option("--no-browser", "with --google: print the address and open no browser")
    .option("--no-sync", "leave the keys of your other devices there")
    .addOption(server)
    .action((email: string | undefined, options) => login(terminal, email, options));

  omshare
    .command("logout")
    .description("sign out; the keys stay on this device")
    .option("--everywhere", "on all your devices")
    .option("--forget", "remove all keys from this device; what is not synced is lost")
    .addOption(server)
    .action((options) => logout(terminal, options));

  omshare
    .command("whoami")
    .description("print who is signed in on this device")
    .option("--json", "as JSON")
    .addOption(server)
    .action((options) => whoami(terminal, options));

  omshare
    .command("sessions")
    .description("print where you are signed in, or end one of those sessions")
    .option("--end <id>", "sign out that device")
    .option("--json", "as JSON")
    .addOption(server)
    .action((options) => sessions(terminal, options));
}
