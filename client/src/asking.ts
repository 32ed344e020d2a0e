import { createReplyKey, wrapReplyKey } from "@openmates-share/protocol/crypto";
import {
  type AskId,
  type AskQuota,
  type ContextEntry,
  type MessageId,
  newId,
  replyIdOf,
  type StreamId,
} from "@openmates-share/protocol/wire";
import { AnsweringOthers, type AskedOfMember } from "./answering-others.ts";
import { type ContextMessage, type ContextView, contextUpTo, entryOf, newestThatFit, usualContext } from "./context.ts";
import { ClientError } from "./errors.ts";
import { askedSchema } from "./events.ts";
import type { OwnAnswering } from "./own-answering.ts";
import type { OwnModel } from "./own-model.ts";
import { readAnswer } from "./responses.ts";
import type { Room } from "./room.ts";
import type { RoomInside } from "./room-inside.ts";

export interface AskOptions {
  /** One of the server's; null for its first. */
  readonly model?: string | null;
  /** A model of one's own that answers from here, instead of one of the server's: the server sees nothing of it. */
  readonly own?: OwnModel | null;
  /** What goes along with the question, in clear; what is usual when left out. Whatever may not go by now stays here. */
  readonly along?: readonly MessageId[];
}

/** A message that asked, and what could go along with it, oldest first. */
export interface StoredQuestion {
  readonly question: ContextMessage;
  readonly offered: readonly ContextMessage[];
}

/** What a person asks the mate in a room: which messages go along, and how an answer is begun, repeated and stopped. */
export class Asking {
  readonly #room: RoomInside;
  readonly #view: ContextView;
  #quota: AskQuota | null = null;
  #own: OwnAnswering | null = null;

  constructor(room: RoomInside) {
    this.#room = room;
    this.#view = {
      nameOf: (sender) => room.people.called(sender, room.setup.owner.sender),
      isByOwner: (message) => room.transcript.isByOwner(message),
      withheldHere: (id) => room.withheldHere(id),
    };
  }

  /** How much could still be asked after the last ask; null while that is not known. */
  get quota(): AskQuota | null {
    return this.#quota;
  }

  /** What could go along with a message that is not sent yet, oldest first, as far as it is here. */
  offered(): readonly ContextMessage[] {
    return this.#upTo(this.#room.history.through);
  }

  /** What of that goes along unless a person chooses otherwise. */
  usual(offered: readonly ContextMessage[]): readonly ContextMessage[] {
    return usualContext(offered);
  }

  /** What the message itself will be to the model. */
  entryOfDraft(text: string): ContextEntry {
    return { role: "user", name: this.#room.name ?? "", text };
  }

  /** What a stored message would ask with, as far as it is here; null for one that is not here or is not for models. */
  offeredWith(message: MessageId): StoredQuestion | null {
    const seq = this.#room.transcript.seqOf(message);
    const question = seq === null ? null : this.#entryAt(seq);
    return question && { question, offered: this.#upTo(question.seq - 1) };
  }

  /** What `ask` sends in clear unless it is given something else. */
  defaultContext(message: MessageId): ContextEntry[] {
    return usualContext(this.#upTo(this.#room.transcript.seqOf(message) ?? 0)).map(({ entry }) => entry);
  }

  /** Asks the mate about a message of one's own. @throws ClientError with the server's code, `not_allowed` for a message that is not for models */
  async ask(message: MessageId, options: AskOptions = {}): Promise<AskId> {
    const ask = newId<AskId>();
    await this.#request({ ...options, ask, message });
    return ask;
  }

  /** Repeats an ask that was cut off, under the same id: there is never a second answer. */
  async tryAgain(ask: AskId, options: AskOptions = {}): Promise<void> {
    const answer = this.#room.answers.find((candidate) => candidate.ask === ask);
    if (!answer || this.#room.transcript.seqOf(replyIdOf(ask)) !== null) {
      throw new ClientError("already_answered", "This has been answered.");
    }
    // Whoever asked has kept it from the server (SPEC A93).
    if (answer.by !== null && !options.own) {
      throw new ClientError("not_allowed", "This was asked of a member’s own model. Please ask anew.");
    }
    await this.#request({ ...options, ask, message: answer.message });
  }

  /** Lets a model of one's own answer the messages that ask it, from now on. */
  answerOthers(own: OwnModel, subscribe: Room["subscribe"]): AnsweringOthers {
    const answer = async (asked: AskedOfMember) => {
      const { ask, message, along } = asked;
      await this.#request({ ask, message, along, own });
    };
    return new AnsweringOthers({ room: this.#room, subscribe, answer });
  }

  /** Somebody has stopped an answer that a model of one's own gives here. */
  halt(stream: StreamId): void {
    this.#own?.halt(stream);
  }

  /** Ends what models of one's own are writing here. */
  end(): void {
    this.#own?.abandon();
  }

  async stop(ask: AskId): Promise<void> {
    await this.#room.liveLine().request("stop", { chat: this.#room.transcript.chat, ask });
  }

  #upTo(seq: number): ContextMessage[] {
    return contextUpTo(this.#room.transcript, { ...this.#view, seq });
  }

  async #request(options: AskOptions & { ask: AskId; message: MessageId }): Promise<void> {
    const { transcript } = this.#room;
    this.#room.requireWriter();
    await this.#settled();
    const { ask, message, model = null, own } = options;
    await this.#find(message);
    const along = own ? this.#letGoAlong(options) : options.along;
    const chosen = { ...options, ...(along && { along }) };
    const request = async () => {
      if (own) {
        this.#own ??= new (await import("./own-answering.ts")).OwnAnswering(this.#room);
        return this.#own.answer({ ask, message, model: own, context: () => this.#contextOf(chosen) });
      }
      const { chat } = transcript;
      const chatKey = transcript.newestKey;
      const replyKey = createReplyKey();
      const wrappedReplyKey = await wrapReplyKey({ chatKey, ask, replyKey });
      const keys = { replyKey, wrappedReplyKey, epoch: chatKey.epoch };
      // Last of all: what somebody keeps from models meanwhile does not go.
      const context = await this.#contextOf(chosen);
      const answer = await this.#room.liveLine().request("ask", { chat, ask, message, ...keys, context, model });
      this.#quota = readAnswer(askedSchema, answer).quota;
    };
    try {
      await request();
    } catch (error) {
      const stale = error instanceof ClientError && error.code === "stale_epoch";
      if (!stale || !(await transcript.renew())) throw error;
      await request();
    }
  }

  /**
   * What may go to one's own model with a message: with one's own whatever was chosen, with another's what its writer has
   * chosen, who has to ask that model (SPEC A12). @throws ClientError `not_allowed`
   */
  #letGoAlong({ ask, message, along }: AskOptions & { ask: AskId; message: MessageId }): AskOptions["along"] {
    const { transcript, setup } = this.#room;
    const asking = transcript.at(transcript.seqOf(message) ?? 0);
    if (!asking || asking.sender === setup.identity.sender) return along;
    const asks = asking.body.type === "content" && asking.body.content.type === "message" && asking.body.content.asks;
    if (asks && asks.of === setup.identity.sender && asks.ask === ask) return asks.along;
    throw new ClientError("not_allowed", "This message did not ask your own model.");
  }

  /** What is sent in clear, the question last. */
  async #contextOf({ message, along }: AskOptions & { message: MessageId }): Promise<ContextEntry[]> {
    const { transcript } = this.#room;
    // What was chosen may have gone from memory since; it is brought before anything is looked at.
    for (const id of along ?? []) if (!transcript.at(transcript.seqOf(id) ?? 0)) await this.#find(id);
    const seq = transcript.seqOf(message) ?? 0;
    const question = this.#entryAt(seq);
    if (!question) throw new ClientError("not_allowed", "This message is not for models, so it cannot be asked with.");
    if (!along) return usualContext(this.#upTo(seq)).map(({ entry }) => entry);
    const chosen = along.flatMap((id) => this.#entryAt(transcript.seqOf(id) ?? 0) ?? []);
    const before = chosen.filter((one) => one.seq < seq).sort((a, b) => a.seq - b.seq);
    return newestThatFit([...before, question]).map(({ entry }) => entry);
  }

  #entryAt(seq: number): ContextMessage | null {
    const message = this.#room.transcript.at(seq);
    const entry = message && entryOf(message, this.#view);
    return message && entry ? { id: message.id, seq, entry } : null;
  }

  /** Has a message brought, if it is not here. */
  async #find(id: MessageId): Promise<void> {
    const { transcript } = this.#room;
    if (!transcript.at(transcript.seqOf(id) ?? 0)) await this.#room.find(id);
  }

  /** Waits for what has arrived to be worked off, so that the context has the message just acknowledged. */
  async #settled(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#room.enqueue(async () => resolve());
    });
  }
}
