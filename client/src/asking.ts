import { createReplyKey, wrapReplyKey } from "@openmates-share/protocol/crypto";
import { type AskId, type ContextEntry, type MessageId, newId } from "@openmates-share/protocol/wire";
import { contextUpTo } from "./context.ts";
import { ClientError } from "./errors.ts";
import type { RoomInside } from "./room-inside.ts";

export interface AskOptions {
  readonly model?: string | null;
  /** What goes to the model, in clear; what `defaultContext` chooses when left out. */
  readonly context?: readonly ContextEntry[];
}

/** What a person asks the mate in a room: which messages go along, and how an answer is begun, repeated and stopped. */
export class Asking {
  readonly #room: RoomInside;

  constructor(room: RoomInside) {
    this.#room = room;
  }

  /** What `ask` sends in clear unless it is given something else. */
  defaultContext(message: MessageId): ContextEntry[] {
    return this.#contextAt(this.#room.transcript.seqOf(message) ?? 0);
  }

  /** The context of a message that is not sent yet. */
  contextForDraft(text: string): ContextEntry[] {
    return [...this.#contextAt(this.#room.history.through), { role: "user", name: this.#room.name ?? "", text }];
  }

  /** Asks the mate about a message of one's own. @throws ClientError with the server's code */
  async ask(message: MessageId, options: AskOptions = {}): Promise<AskId> {
    const ask = newId<AskId>();
    await this.#request({ ...options, ask, message });
    return ask;
  }

  /** Repeats an ask that was cut off, under the same id: there is never a second answer. */
  async tryAgain(ask: AskId): Promise<void> {
    const answer = this.#room.answers.list.find((candidate) => candidate.ask === ask);
    if (!answer) throw new ClientError("already_answered", "This has been answered.");
    await this.#request({ ask, message: answer.message });
  }

  async stop(ask: AskId): Promise<void> {
    await this.#room.liveLine().request("stop", { chat: this.#room.transcript.chat, ask });
  }

  #contextAt(seq: number): ContextEntry[] {
    const { transcript, people, setup } = this.#room;
    return contextUpTo(transcript, {
      seq,
      nameOf: (sender) => people.nameOf(sender) ?? (sender === setup.owner.sender ? "Owner" : "Guest"),
    });
  }

  async #request(options: AskOptions & { ask: AskId; message: MessageId }): Promise<void> {
    const { transcript } = this.#room;
    this.#room.requireWriter();
    await this.#settled();
    const { ask, message, model = null, context = this.defaultContext(message) } = options;
    const request = async () => {
      const { chat } = transcript;
      const chatKey = transcript.newestKey;
      const replyKey = createReplyKey();
      const wrappedReplyKey = await wrapReplyKey({ chatKey, ask, replyKey });
      const keys = { replyKey, wrappedReplyKey, epoch: chatKey.epoch };
      await this.#room.liveLine().request("ask", { chat, ask, message, ...keys, context: [...context], model });
    };
    try {
      await request();
    } catch (error) {
      const stale = error instanceof ClientError && error.code === "stale_epoch";
      if (!stale || !(await transcript.renew())) throw error;
      await request();
    }
  }

  /** Waits for what has arrived to be worked off, so that the context has the message just acknowledged. */
  async #settled(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#room.enqueue(async () => resolve());
    });
  }
}
