import {
  type AskId,
  type AskOptions,
  ClientError,
  type LinkMode,
  MATE_NAME,
  type MessageId,
  type MessageWindow,
  messageText,
  type Namesakes,
  type OwnModel,
  type OwnModelSettings,
  type Person,
  type PlannedUpdate,
  plainLine,
  type Room,
  type RoomMessage,
  type RoomState,
  resemblesMate,
  type SenderId,
} from "@openmates-share/client";
import { batch, computed, type ReadonlySignal, signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { complain } from "../app/complain.ts";
import { sentenceOf } from "../app/problem.tsx";
import type { WritingKeys } from "../reading/reading-source.ts";
import type { MessageChanges } from "./amending.ts";
import { AskChoice } from "./ask-choice.ts";
import type { Departure, Files } from "./departures.ts";
import { RowLoader } from "./row-loader.ts";
import { authorOf, speakerOf } from "./speaker.ts";

/** The same list each time, so that no message is rendered again for nothing. */
const NO_CHANGES: RoomState["amending"] = [];

/** What stands around a message, beside the message itself. */
export interface Around {
  /** Between it and the one before. */
  readonly above: (message: RoomMessage) => ComponentChildren;
  readonly beneath: (message: RoomMessage) => ComponentChildren;
}

/** Why the mate was not asked, and what it would have been asked with. */
export interface Unasked {
  readonly sentence: string;
  readonly options: AskOptions;
}

/** Somebody who goes on typing says so again before the others stop believing it. Milliseconds. */
const TYPING_AGAIN = 3_000;

/** One room as signals, so that each part of the screen hears only of what it shows. */
export class RoomModel {
  readonly room: Room;
  readonly state: ReadonlySignal<RoomState>;
  /** What is here. */
  readonly messages: ReadonlySignal<readonly RoomMessage[]>;
  /** Changes of stored messages that are on their way. */
  readonly amending: ReadonlySignal<RoomState["amending"]>;
  readonly reactions: ReadonlySignal<RoomState["reactions"]>;
  /** Whether something is being written or answered that is not stored yet. */
  readonly unstored: ReadonlySignal<boolean>;
  /** How many messages wait that were written since this chat was opened: others wait from before. */
  readonly writtenHere: ReadonlySignal<number>;
  /** All there are, of which some are here. */
  readonly window: ReadonlySignal<MessageWindow>;
  readonly people: ReadonlySignal<RoomState["people"]>;
  readonly names: ReadonlySignal<ReadonlyMap<SenderId, string>>;
  /** Own messages whose ask did not reach the mate, with the reason. */
  readonly unasked = signal<ReadonlyMap<MessageId, Unasked>>(new Map());
  readonly replyTo = signal<MessageId | null>(null);
  /** What goes along with the next question. */
  readonly choice = new AskChoice();
  /** A text that somebody is to go on writing; the composer takes it. */
  readonly begun = signal<string | null>(null);
  /** Messages of this chat whose files are still being uploaded; set by what loads for those who write. */
  readonly departing = signal<readonly Departure[]>([]);
  /** Failed answers that this person does not want to see any more. */
  readonly dismissed = signal<ReadonlySet<AskId>>(new Set());
  /** Answers that were stopped from here. */
  readonly stoppedHere = new Set<AskId>();
  /** What this person may do to a message; set by what loads for those who write. */
  changesTo: ((message: RoomMessage) => MessageChanges) | null = null;
  /** Brings a message to the screen, if it is not there; set by what scrolls. */
  reveal: ((id: MessageId) => void) | null = null;
  /** Goes to a message and points to it, wherever in the chat it is; set by what scrolls. */
  jumpTo: ((id: MessageId) => void) | null = null;
  /** From where one writes to the newest message; set by what scrolls. */
  focusLast: (() => void) | null = null;
  /** What stands around the messages of those who write; set by what loads for them. */
  readonly around = signal<Around | null>(null);
  /** What stands beneath the messages of a fork; set by what loads for forks. */
  readonly origins = signal<Around | null>(null);
  /** What keys do with a message; set by what loads for those who write. */
  writing: WritingKeys | null = null;
  /** The message whose reactions are listed by who put them there. */
  readonly listing = signal<MessageId | null>(null);
  /** The message that somebody was just led to. */
  readonly pointed = signal<MessageId | null>(null);
  /** The own message that is being given other words. */
  readonly editing = signal<MessageId | null>(null);
  /** What the links that open this chat now let people do, for its owner; null until that is known. */
  readonly opens = signal<ReadonlySet<LinkMode> | null>(null);
  /** An update of the owner's that can still be undone. */
  readonly planned = signal<PlannedUpdate | null>(null);
  readonly role: RoomState["role"];
  /** Who this device writes as; null for readers. */
  readonly me: SenderId | null;
  readonly sharedThrough: ReadonlySignal<number>;
  /** What the owner has not shared yet, as far as it is here. */
  readonly unshared: ReadonlySignal<readonly RoomMessage[]>;
  /** How many that are. */
  readonly unsharedCount: ReadonlySignal<number>;
  /** Whether others write here too; they see what is not shared yet. */
  readonly together: ReadonlySignal<boolean>;
  /** One function for all messages: a new one each would render them all again. Null for readers. */
  readonly onReply: ((id: string) => void) | null;
  readonly #namesakes: ReadonlySignal<Namesakes>;
  readonly #byId: ReadonlySignal<ReadonlyMap<MessageId, RoomMessage>>;
  readonly #loader: RowLoader;
  readonly #unsubscribe: () => void;
  readonly #brought = new Set<MessageId>();
  #typingSince = 0;
  /** Texts sent from here that mention the mate, and what they ask with. */
  readonly #asking = new Map<string, AskOptions>();
  /** What to call when the next state is here: it shows what they stood for. */
  readonly #shown: (() => void)[] = [];

  constructor(room: Room) {
    this.room = room;
    const state = signal(room.state);
    this.#unsubscribe = room.subscribe((next) =>
      batch(() => {
        state.value = next;
        for (const shown of this.#shown.splice(0)) shown();
      }),
    );
    this.state = state;
    this.messages = computed(() => state.value.messages.loaded);
    this.window = computed(() => state.value.messages);
    this.amending = computed(() => (state.value.amending.length > 0 ? state.value.amending : NO_CHANGES));
    this.reactions = computed(() => state.value.reactions);
    this.unstored = computed(
      () => state.value.answers.length + state.value.pending.length + this.departing.value.length > 0,
    );
    const opened = Date.now();
    this.writtenHere = computed(
      () => state.value.pending.filter(({ time }) => time >= opened).length + this.departing.value.length,
    );
    this.#loader = new RowLoader(room);
    this.people = computed(sameWhileEqual(() => state.value.people));
    this.role = room.state.role;
    this.me = room.state.me;
    this.sharedThrough = computed(() => state.value.sharedThrough);
    this.unshared = computed(() => this.messages.value.filter(({ seq }) => seq > this.sharedThrough.value));
    this.unsharedCount = computed(() => Math.max(state.value.messages.through - this.sharedThrough.value, 0));
    this.together = computed(() => this.people.value.length > 1);
    this.#byId = computed(() => new Map(this.messages.value.map((message) => [message.id, message])));
    this.onReply = this.role === "reader" ? null : (id) => this.#startReply(id);
    this.#namesakes = computed(() => state.value.namesakes);
    const calls = (person: Person) => (!person.named && person.sender === this.me ? "You" : toldApart(person));
    this.names = computed(() => new Map(this.people.value.map((person) => [person.sender, calls(person)])));
  }

  /** Has the messages brought that are on the screen or near it, if they are not here; both numbers inclusive. */
  need(from: number, to: number): void {
    this.#loader.need(from, to);
  }

  stop(): void {
    this.#loader.stop();
    this.#unsubscribe();
  }

  find(id: MessageId): RoomMessage | undefined {
    return this.#byId.value.get(id);
  }

  /** Has a message brought that another one answers; once, for there may be none of that id. */
  bring(id: MessageId): void {
    if (this.#brought.has(id)) return;
    this.#brought.add(id);
    this.room
      .seqOf(id)
      .then((seq) => (seq === null ? undefined : this.room.load(seq, seq)))
      // It says that it is an earlier message, and pressing it tries again.
      .catch(() => undefined);
  }

  /** What to call a sender whose message gives no name. */
  nameOf(sender: SenderId): string {
    return this.names.value.get(sender) ?? (sender === this.me ? "You" : "Guest");
  }

  /** What to say beside a name that somebody else bore before; null for a name that is this sender's. */
  another(sender: SenderId, name: string): string | null {
    const namesake = this.#namesakes.value.of(sender, name);
    return namesake && namesake.place > 1 ? `Another ${name}` : null;
  }

  /** The colour of whoever wrote under a name; null for somebody else's, whose words the owner has brought in. */
  colourOf(sender: SenderId, name: string): number | null {
    const person = this.people.value.find((one) => one.sender === sender);
    if (!person) return null;
    return person.owner && name !== "" && name !== person.name ? null : person.colour;
  }

  /** A message in a few words: who, and how it begins. */
  quoteOf(message: RoomMessage, shorten: (text: string) => string): string {
    const { sender, body } = message;
    if (body.type === "reply") return `${MATE_NAME}: ${shorten(body.reply.text)}`;
    if (body.type === "broken") return "A message that can’t be shown";
    if (body.type === "redacted") return "A deleted message";
    const { content } = body;
    if (content.type === "edit") return `${this.nameOf(sender)} edited: ${shorten(messageText(content))}`;
    if (content.type === "redaction") return `${this.nameOf(sender)} deleted a message`;
    if (content.type === "withholding") return `${this.nameOf(sender)} said what is not for models`;
    if (content.type === "offering") return `${this.nameOf(sender)} said whether their own model answers others`;
    if (content.type === "reaction") return `${this.nameOf(sender)} reacted with ${content.emoji}`;
    if (content.type === "join") return `${plainLine(content.name) || this.nameOf(sender)} joined`;
    if (content.type === "unknown") return `${this.nameOf(sender)}: (not known to this version)`;
    const { name } = speakerOf({ role: content.role, name: content.name, fallback: this.nameOf(authorOf(message)) });
    const who = resemblesMate(name) ? `${name} (not ${MATE_NAME})` : name;
    return `${who}: ${shorten(messageText(content))}`;
  }

  /** Sends, once its files are there, and asks the mate with the messages `along`: exactly those that were shown. Null for a text that asks nothing. */
  async send(
    text: string,
    options: {
      along: readonly MessageId[] | null;
      withheld?: boolean;
      files?: Files | null;
    },
  ): Promise<void> {
    const { along, withheld = false, files = null } = options;
    const of = this.choice.of.value;
    // A member's own model is asked by the message itself.
    const asks = along && of ? { of, along } : null;
    const ask = asks || !along ? null : await this.#askWith(along);
    const replyTo = this.replyTo.value;
    this.replyTo.value = null;
    this.typed("");
    if (ask) this.#asking.set(text, ask);
    if (along) this.choice.reset();
    try {
      const attachments = files ? await files.parts : [];
      if (files) this.#shown.push(files.sent);
      const id = await this.room.send(text, { replyTo, attachments, withheld, asks });
      if (ask) await this.ask(id, ask);
    } catch (error) {
      files?.sent();
      // A refused message stays in the list, with its reason and what can be done.
      if (!(error instanceof ClientError)) throw error;
    }
  }

  async ask(message: MessageId, options: AskOptions): Promise<void> {
    this.#noteUnasked(message, null);
    try {
      await this.room.ask(message, options);
    } catch (error) {
      this.#noteUnasked(message, { sentence: sentenceOf(error), options });
    }
  }

  /** Sends a refused message again; its mention is asked once it is stored. */
  retry(id: MessageId, text: string): void {
    this.room.retryPending(id);
    const ask = this.#asking.get(text);
    if (!ask) return;
    const unsubscribe = this.room.subscribe(({ messages, pending }) => {
      const stored = messages.loaded.some((message) => message.id === id);
      if (!stored && pending.some((item) => item.id === id && item.state === "waiting")) return;
      unsubscribe();
      if (stored) void this.ask(id, ask);
    });
  }

  /** Writes the beginning of a message that has an answer go on where it was cut off. */
  goOn(reply: MessageId): void {
    this.replyTo.value = reply;
    this.begun.value = `@${MATE_NAME} please go on where you stopped.`;
  }

  async #askWith(along: readonly MessageId[]): Promise<AskOptions> {
    const { own, model } = this.choice;
    return { along, model: model.value, own: own && (await this.modelOf(own)) };
  }

  /** A model of one's own, which answers from here. */
  async modelOf(settings: OwnModelSettings): Promise<OwnModel> {
    return (await import("../own-model/frame-model.ts")).frameModel(settings);
  }

  dismiss(ask: AskId): void {
    this.dismissed.value = new Set([...this.dismissed.value, ask]);
  }

  tryAgain(ask: AskId, options: AskOptions): void {
    this.stoppedHere.delete(ask);
    this.room.tryAgain(ask, options).catch(complain);
  }

  stopAnswer(ask: AskId): void {
    this.stoppedHere.add(ask);
    this.room.stop(ask).catch(complain);
  }

  /** What stands in the composer: tells the others that somebody is typing, not too often. */
  typed(text: string): void {
    const now = Date.now();
    if (text === "") {
      if (this.#typingSince > 0) this.room.setTyping(false);
      this.#typingSince = 0;
    } else if (now - this.#typingSince > TYPING_AGAIN) {
      this.#typingSince = now;
      this.room.setTyping(true);
    }
  }

  /** The ids that cards hand back are those of the messages they were given. */
  #startReply(id: string): void {
    this.replyTo.value = id as MessageId;
  }

  #noteUnasked(message: MessageId, unasked: Unasked | null): void {
    const next = new Map(this.unasked.value);
    if (unasked === null) next.delete(message);
    else next.set(message, unasked);
    this.unasked.value = next;
  }
}

/** Hands out the same value again while it says the same: an answer that streams draws nobody's messages anew. */
function sameWhileEqual<Value>(read: () => Value): () => Value {
  let last: { readonly value: Value; readonly said: string } | null = null;
  return () => {
    const value = read();
    const said = JSON.stringify(value);
    if (last?.said !== said) last = { value, said };
    return last.value;
  };
}

/** Those who bear a name that somebody bore before are numbered. */
function toldApart({ name, namesake }: Person): string {
  return namesake && namesake.place > 1 ? `${name} (${namesake.place})` : name;
}
