import { type FilePart, type ImagePart, type MessageContent, textParts } from "@openmates-share/protocol/content";
import {
  type AskId,
  LIMITS,
  type MessageId,
  newId,
  type OutgoingMessage,
  type SenderId,
} from "@openmates-share/protocol/wire";
import { Amending } from "./amending.ts";
import { ClientError, unreachable } from "./errors.ts";
import { sentSchema } from "./events.ts";
import { refuseMateName } from "./mate-name.ts";
import { Outbox } from "./outbox.ts";
import { OutboxStore } from "./outbox-store.ts";
import { readAnswer } from "./responses.ts";
import type { RoomInside } from "./room-inside.ts";

export interface SendOptions {
  readonly replyTo?: MessageId | null;
  /** Pictures and files, uploaded for this chat before. */
  readonly attachments?: readonly (ImagePart | FilePart)[];
  /** Never to go to a model. */
  readonly withheld?: boolean;
  /** Asks that member's own model, with these messages, in the order of their numbers (SPEC A12). */
  readonly asks?: { readonly of: SenderId; readonly along: readonly MessageId[] } | null;
}

/** A message of somebody who writes elsewhere. */
export interface RelayedMessage {
  /** Chosen by who relays, so that the same message is stored once. */
  readonly id: MessageId;
  readonly role: MessageContent["role"];
  readonly name: string;
  readonly parts: MessageContent["parts"];
  readonly replyTo: MessageId | null;
  readonly model: string | null;
  /** Milliseconds since 1970. */
  readonly time: number | null;
}

/** What a person writes in a room: all of it goes out by one outbox, in the order in which it was written. */
export class Writing {
  readonly outbox: Outbox;
  readonly amending: Amending;
  readonly #room: RoomInside;
  /** The message that we came in again for. */
  #again: MessageId | null = null;

  constructor(room: RoomInside) {
    const { transcript, setup, history } = room;
    const { chat } = transcript;
    this.#room = room;
    this.outbox = new Outbox({
      transcript,
      identity: setup.identity,
      store: new OutboxStore(setup.unsent, chat),
      ready: () => room.isLive,
      arrived: (id) => transcript.holds(id),
      send: async (message) => {
        const receipt = readAnswer(sentSchema, await this.#request(message));
        history.reachTo(receipt.seq);
        room.enqueue(() => history.loadRest());
        return receipt;
      },
      changed: () => {
        transcript.reactions.expect(this.outbox.reacting);
        room.changed();
      },
    });
    this.amending = new Amending(room, this.outbox);
  }

  /**
   * A server that does not know us in the chat any more says what it says to strangers: so we come in again, and what it
   * then refuses is refused.
   */
  async #request(message: OutgoingMessage): Promise<unknown> {
    const { chat } = this.#room.transcript;
    try {
      return await this.#room.liveLine().request("send", { chat, message });
    } catch (error) {
      if (!(error instanceof ClientError) || error.code !== "forbidden" || this.#again === message.id) throw error;
      this.#again = message.id;
      this.#room.comeInAgain();
      throw unreachable(error);
    }
  }

  /** @throws ClientError with the server's code when it refuses; while the line is down it waits. */
  async send(
    text: string,
    { replyTo = null, attachments = [], withheld = false, asks = null }: SendOptions = {},
  ): Promise<MessageId> {
    this.#room.requireWriter();
    return this.outbox.add({
      type: "message",
      role: "user",
      name: this.#room.name ?? "",
      parts: text === "" && attachments.length > 0 ? attachments : [...textParts(text), ...attachments],
      replyTo,
      model: null,
      withheld,
      ...(asks && { asks: { ...asks, ask: newId<AskId>() } }),
      time: Date.now(),
    });
  }

  async offerModel(model: string | null): Promise<void> {
    const { people, setup } = this.#room;
    const { model: said } = this.outbox.last("offering") ?? { model: people.modelOf(setup.identity.sender) };
    if (said === model) return;
    this.outbox.withdraw(({ type }) => type === "offering");
    await this.outbox.add({ type: "offering", model, time: Date.now() });
  }

  /** Once per id: what is stored already, from before a crash or by another process, is left as it is. */
  async relay({ id, ...message }: RelayedMessage): Promise<MessageId> {
    const room = this.#room;
    room.requireWriter();
    if (room.transcript.seqOf(id) !== null) return id;
    try {
      return await this.outbox.add({ type: "message", withheld: false, ...message }, id);
    } catch (error) {
      if (!(error instanceof ClientError) || error.code !== "conflict") throw error;
      this.outbox.discard(id);
      const stored = await room.find(id);
      if (stored?.sender !== room.setup.identity.sender) throw error;
      return id;
    }
  }

  /** @throws ClientError `bad_request` for no name, or one that is taken for the mate's */
  async join(name: string, options: { colour?: number | null } = {}): Promise<void> {
    const { people, setup } = this.#room;
    const { sender } = setup.identity;
    const stored = { name: people.nameOf(sender), colour: people.chosenColourOf(sender) };
    const said = this.outbox.last("join") ?? stored;
    const { colour = said.colour } = options;
    this.#room.requireWriter();
    const shown = name.trim().slice(0, LIMITS.name);
    if (!shown) throw new ClientError("bad_request", "Please give a name.");
    refuseMateName(shown);
    if (said.name === shown && said.colour === colour) return;
    this.#room.name = shown;
    // On its way before anything is waited for: what is said next is compared with it.
    const sent = this.outbox.add({ type: "join", name: shown, colour, time: Date.now() });
    await Promise.all([sent, setup.rememberName(shown)]);
  }

  /** The line is there (again). */
  resume(): void {
    void this.outbox.flush().then(() => this.amending.eraseAll());
  }
}
