import { type AskId, asksMate, ClientError, MATE_NAME, type Room, type RoomState } from "@openmates-share/client";
import { withPatience } from "../patience.ts";
import type { Terminal } from "../terminal.ts";
import { UsageError } from "../usage-error.ts";
import { nameIn } from "./own-name.ts";
import { printAnswer } from "./print-answer.ts";
import { type Answerer, contextLines, isYes, planAsk } from "./show-context.ts";

/** For the word that an answer is to stop to reach the server. Milliseconds. */
const STOPPING = 2_000;

export interface Sending {
  readonly text: string;
  readonly name: string | null;
  readonly answerer: Answerer;
  /** What a mention sends to the model need not be confirmed. */
  readonly yes: boolean;
  /** A mention that nobody can agree to is not sent; without it, it is sent and asks nothing. */
  readonly mustAsk: boolean;
  /** Prints the answer. */
  readonly wait: boolean;
}

/**
 * Sends one message. What goes to the model with a mention is shown and agreed to before anything is sent. Returns the name
 * that the others see. @throws UsageError without a yes, ClientError when it can't be sent or there is no answer
 */
export async function sendOnce(terminal: Terminal, room: Room, how: Sending): Promise<string> {
  const { text, answerer, yes, mustAsk, wait } = how;
  const name = await nameIn(room, terminal, how.name);
  const { signal } = terminal;
  const patiently = <T>(work: () => Promise<T>) =>
    withPatience({ room, signal, wait: (patient) => abortable(patient, work()) });
  await patiently(() => room.join(name));
  const plan = asksMate({ text, origin: "written" }) ? await planAsk(room, text) : null;
  if (plan && !yes) {
    for (const line of contextLines(plan, answerer)) await terminal.say(line);
    await requireConsent(terminal, mustAsk);
  }
  const asks = plan !== null && (yes || mustAsk || terminal.interactive);
  const message = await patiently(() => room.send(text));
  const ask = asks ? await patiently(() => room.ask(message, { along: plan.along, own: answerer.own })) : null;
  await terminal.say(ask ? `Sent, and @${MATE_NAME} is asked.` : "Sent.");
  if (plan && !ask) await terminal.say(`@${MATE_NAME} was not asked: that needs --yes where nobody can be asked.`);
  if (ask && wait) await answered(terminal, room, ask);
  return name;
}

export function requireWritable({ role }: RoomState): void {
  if (role === "reader") throw new ClientError("not_allowed", "This link is for reading only.");
}

/** @throws UsageError without a yes; nothing was sent then */
async function requireConsent(terminal: Terminal, mustAsk: boolean): Promise<void> {
  if (terminal.interactive) {
    if (isYes(await terminal.ask("Send and ask? [y/N] "))) return;
    throw new UsageError("Nothing was sent.");
  }
  if (!mustAsk) return;
  throw new UsageError("Nobody is there to agree that this goes to the model, so nothing was sent: please add --yes.");
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

/** A send goes on by itself when the line is back; whoever is done waiting leaves it behind. */
function abortable<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(new ClientError("aborted", "This was cancelled; whether it was sent is not known."));
    signal.addEventListener("abort", stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}
