import {
  type AskId,
  asksMate,
  ClientError,
  MATE_NAME,
  type MessageId,
  type OwnModel,
  type Room,
} from "@openmates-share/client";
import type { Terminal } from "../terminal.ts";
import { AnswerStream } from "./answer-stream.ts";
import { note } from "./chat-lines.ts";
import { ChatLog, whoIsHere } from "./chat-log.ts";
import { follow } from "./follow.ts";
import { offerModel } from "./offer-model.ts";
import type { Screen } from "./screen.ts";
import { type Answerer, type AskPlan, contextLines, isYes, planAgain, planAsk } from "./show-context.ts";
import { storedAnswer } from "./stored-answer.ts";

const HELP = `· Write, and Enter sends it. @${MATE_NAME} in it asks for an answer.
·   /reply 12 text    answers message 12
·   /react 12 👍      puts an emoji to it; again takes it away
·   /edit 12 text     says something else in a message of your own
·   /delete 12        takes it back
·   /again            tries an answer again that was cut off
·   /stop             stops a running answer (Ctrl-C does, too)
·   /who              who is here
·   /quit             leaves (Ctrl-C, Ctrl-D)`;

type Command = (rest: string) => Promise<void> | void;

/** Somebody at a terminal in a chat: reads, writes, asks. Ends when they leave, or the chat does. */
export class Talk {
  readonly #room: Room;
  readonly #terminal: Terminal;
  readonly #yes: boolean;
  readonly #own: OwnModel | null;
  readonly #answerer: Answerer;
  readonly #answersOthers: boolean;
  readonly #stream = new AnswerStream();
  readonly #leaving = new AbortController();
  readonly #stopping = new Set<AskId>();
  #screen: Screen | null = null;
  readonly #commands: Readonly<Record<string, Command>> = {
    help: () => this.#say(HELP),
    who: () => this.#say(note(whoIsHere(this.#room.state))),
    quit: () => this.#leaving.abort(),
    stop: () => void this.#stopAnswer(),
    again: () => this.#again(),
    reply: (rest) => this.#withTarget(rest, (target, text) => this.#send(text, target)),
    edit: (rest) => this.#withTarget(rest, (target, text) => this.#room.edit(target, text)),
    delete: (rest) => this.#withTarget(rest, (target) => this.#room.redact(target)),
    react: (rest) => this.#withTarget(rest, (target, emoji) => this.#react(target, emoji)),
  };

  /** @param setup.answerer its own model answers in the place of the server's, and with `answersOthers` those that ask it */
  constructor(setup: { room: Room; terminal: Terminal; yes: boolean; answerer: Answerer; answersOthers: boolean }) {
    this.#room = setup.room;
    this.#terminal = setup.terminal;
    this.#yes = setup.yes;
    this.#own = setup.answerer.own;
    this.#answerer = setup.answerer;
    this.#answersOthers = setup.answersOthers;
  }

  /** @param from the number of the first message to show. @throws ClientError when the chat ends */
  async run(from: number): Promise<void> {
    const { signal } = this.#terminal;
    const screen = this.#terminal.screen({
      onLine: (line) => void this.#take(line.trim()).catch((error: unknown) => this.#tell(error)),
      onInterrupt: () => this.#interrupt(),
      onClose: () => this.#leaving.abort(),
    });
    this.#screen = screen;
    const log = new ChatLog({
      from,
      replyLines: (message) => {
        const answer = storedAnswer(message);
        return answer && this.#stream.finish({ ...answer, seq: message.seq });
      },
    });
    const offered = this.#own && this.#answersOthers ? offerModel(this.#room, this.#own) : null;
    offered?.begun.catch((error: unknown) => this.#tell(error));
    try {
      this.#say(note(`${whoIsHere(this.#room.state)} /help says what you can do.`));
      await follow({
        room: this.#room,
        log,
        signal: AbortSignal.any([signal, this.#leaving.signal]),
        show: (lines, state) => {
          const { lines: grown, growing } = this.#stream.take(state);
          screen.show([...lines, ...grown], growing);
        },
      });
    } finally {
      await offered?.end();
      screen.close();
      this.#screen = null;
    }
  }

  /** A running answer first; with none, or a second time, out. */
  #interrupt(): void {
    if (!this.#stopAnswer()) this.#leaving.abort();
  }

  #stopAnswer(): boolean {
    const running = this.#room.state.answers.find(({ ask, state }) => state === "running" && !this.#stopping.has(ask));
    if (!running) return false;
    this.#stopping.add(running.ask);
    this.#say(note("Stopping the answer."));
    this.#room.stop(running.ask).catch((error: unknown) => this.#tell(error));
    return true;
  }

  async #take(line: string): Promise<void> {
    if (line === "") return;
    const [, name, rest = ""] = /^\/(\w+)(?:\s+(.*))?$/s.exec(line) ?? [];
    if (name === undefined) return this.#send(line, null);
    const command = Object.hasOwn(this.#commands, name) ? this.#commands[name] : null;
    if (command) await command(rest);
    else this.#say(note("There is no such command; /help says which there are."));
  }

  async #send(text: string, replyTo: MessageId | null): Promise<void> {
    const plan = asksMate({ text, origin: "written" }) ? await planAsk(this.#room, text) : null;
    const asks = plan !== null && (this.#yes || (await this.#confirm(plan, "Sent without asking.")));
    const id = await this.#room.send(text, { replyTo });
    if (asks && plan) await this.#room.ask(id, { along: plan.along, own: this.#own });
  }

  /** @param otherwise said after a no */
  async #confirm(plan: AskPlan, otherwise: string): Promise<boolean> {
    this.#say(...contextLines(plan, this.#answerer));
    const yes = isYes((await this.#screen?.ask("Ask? [y/N] ")) ?? "");
    if (!yes) this.#say(note(otherwise));
    return yes;
  }

  async #react(target: MessageId, emoji: string): Promise<void> {
    const seq = await this.#room.seqOf(target);
    const mine = this.#room.state.reactions.of(seq ?? 0).some((reaction) => reaction.mine && reaction.emoji === emoji);
    await this.#room.react(target, emoji, !mine);
  }

  async #again(): Promise<void> {
    // What somebody asked of a model of their own, they kept from the server.
    const answer = this.#room.state.answers.findLast(
      ({ state, by }) => state !== "running" && (by === null || by === this.#room.state.me),
    );
    if (!answer) return this.#say(note("There is no answer to try again."));
    if (answer.by !== null && !this.#own)
      return this.#say(note("That was for your own model: --model and --model-url."));
    const plan = await planAgain(this.#room, answer.message);
    if (!plan) return this.#say(note("That message is not for models any more."));
    if (this.#yes || (await this.#confirm(plan, "Not asked."))) {
      await this.#room.tryAgain(answer.ask, { along: plan.along, own: answer.by === null ? null : this.#own });
    }
  }

  async #withTarget(rest: string, work: (target: MessageId, text: string) => Promise<void>): Promise<void> {
    const [, number = "", text = ""] = /^\[?(\d+)\]?(?:\s+(.*))?$/s.exec(rest) ?? [];
    const seq = Number(number);
    if (seq > 0 && seq <= this.#room.state.messages.through) await this.#room.load(seq, seq);
    const message = this.#room.state.messages.at(seq);
    if (message) await work(message.id, text);
    else this.#say(note("Please name a message by its number, as in: /reply 12 Yes."));
  }

  #tell(error: unknown): void {
    if (!(error instanceof ClientError)) throw error;
    // Closed while something was on its way: the person has left.
    if (error.code !== "aborted") this.#say(note(error.message));
  }

  #say(...lines: string[]): void {
    this.#screen?.show(lines);
  }
}
