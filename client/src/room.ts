import {
  type AskId,
  type Bytes,
  type ChatChanged,
  type ChatId,
  type EmbedId,
  type Joined,
  type LinkMode,
  type MessageId,
  type Position,
  ProtocolError,
  type Role,
  type SenderId,
  type StreamId,
} from "@openmates-share/protocol/wire";
import type { Asking, AskOptions } from "./asking.ts";
import type { Connection } from "./connection.ts";
import { ClientError, unreachable } from "./errors.ts";
import type { FollowedRoom, Following } from "./following.ts";
import { OriginWatch } from "./fork/origin-watch.ts";
import { History, type StoredPage } from "./history.ts";
import type { MessageOpener } from "./opener.ts";
import type { OwnModel } from "./own-model.ts";
import { People } from "./people.ts";
import { ReactionViews } from "./reaction-view.ts";
import { Reads } from "./reads.ts";
import type { RoomInside } from "./room-inside.ts";
import type { RoomSetup } from "./room-setup.ts";
import type { Answer, RoomMessage, RoomState } from "./room-state.ts";
import { chatEnded, StateFeed } from "./state-feed.ts";
import type { Transcript } from "./transcript.ts";
import type { RelayedMessage, SendOptions, Writing } from "./writing.ts";

/** Pause before history that did not come is asked for again. Milliseconds. */
const RETRY_PAUSE = 2_000;

/**
 * One chat as it goes on: verified messages, people, answers, and what is being written here. Everything that arrives is
 * worked off in order, one thing after the other; `state` is a new value after each.
 */
export class Room {
  readonly chat: ChatId;
  readonly #setup: RoomSetup;
  readonly #transcript: Transcript;
  readonly #people: People;
  readonly #reactions: ReactionViews;
  readonly #reads: Reads;
  readonly #history: History;
  readonly #origin: OriginWatch;
  readonly #feed: StateFeed;
  #role: Role;
  readonly #linkMode: LinkMode | null;
  readonly #inside: RoomInside;
  #asking: Promise<Asking> | null = null;
  #loadingWriting: Promise<Writing> | null = null;
  /** Once it is loaded. */
  #writing: Writing | null = null;
  #connection: RoomState["connection"] = "connecting";
  #work: Promise<void> = Promise.resolve();
  #closed = false;
  /** Whether the owner alone writes. */
  #readOnly: boolean;
  #offeredTo: SenderId | null;
  #handedOver = false;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #again: ReturnType<typeof setTimeout> | undefined;
  /** Once there is a line. */
  #following: Following | null = null;

  /** Use `ShareClient.open` or `reopen`. */
  constructor(setup: RoomSetup) {
    const { opened, transcript } = setup;
    this.#setup = setup;
    this.chat = opened.chat;
    this.#transcript = transcript;
    this.#role = opened.role;
    this.#linkMode = opened.linkMode;
    this.#readOnly = opened.closed;
    this.#offeredTo = opened.offeredTo;
    this.#origin = new OriginWatch(setup.owner.sender);
    this.#reactions = new ReactionViews(transcript);
    this.#people = new People(() => this.#feed.publish(), transcript.owners);
    this.#reads = new Reads({
      ...setup.reading,
      me: () => this.#me,
      send: (seq) => this.#liveLine().request("read", { chat: this.chat, seq }),
      changed: () => this.#feed.publish(),
    });
    this.#history = new History({
      transcript,
      role: opened.role,
      ownerKey: setup.owner.key,
      title: setup.title,
      seen: setup.seen,
      sharedThrough: opened.sharedThrough,
      through: opened.page.through,
      source: setup.source,
      remember: setup.remember,
      learn: (messages) => this.#learn(messages),
      changed: () => this.#feed.publish(),
    });
    this.#feed = new StateFeed(() => this.#snapshot());
    this.#inside = this.#lookInside();
    this.#enqueue(async () => {
      await this.#history.takeShared(opened);
      await this.#history.takePage(opened.page);
      await this.#loadRest();
    });
    // What one is about to write with has to be there when the line is not.
    if (setup.live && opened.role !== "reader") this.#enqueue(async () => void this.#write().catch(() => undefined));
  }

  /** Begins to follow the chat, once there is a line to the server: reading does not wait for it. */
  follow(begin: (room: FollowedRoom) => Following): void {
    if (this.#closed || this.#following) return;
    this.#following = begin(this.#lookFollowed());
    this.#following.start();
  }

  /** The line could not be made; `again` is called after a pause. */
  missLine(again: () => void): void {
    if (this.#closed) return;
    this.#setConnection("offline");
    this.#again = setTimeout(again, RETRY_PAUSE);
  }

  /** Whether it hears what goes on, over the client's line. */
  get follows(): boolean {
    return this.#setup.live;
  }

  get state(): RoomState {
    return this.#feed.state;
  }

  subscribe(listener: (state: RoomState) => void): () => void {
    return this.#feed.subscribe(listener);
  }

  /**
   * Brings the messages between two numbers, inclusive. They stay as long as there is room; where one has loaded last is
   * kept longest. @throws ClientError `unreachable`, `not_found` and other codes
   */
  async load(from: number, to: number): Promise<void> {
    await this.#history.load(from, to);
    this.#feed.publish();
  }

  /** The number of a message; null when there is none of that id. @throws ClientError `aborted`, `not_found` */
  async seqOf(id: MessageId, signal?: AbortSignal): Promise<number | null> {
    const seq = this.#transcript.seqOf(id);
    if (seq !== null) return seq;
    await this.whenComplete(signal);
    return this.#transcript.seqOf(id);
  }

  /**
   * All messages, or those from one number to another, inclusive: checked, page by page, kept nowhere.
   * @throws ClientError `aborted`, `unreachable`, `not_found` and other codes
   */
  async *read(
    options: { from?: number; to?: number; signal?: AbortSignal } = {},
  ): AsyncGenerator<readonly RoomMessage[], void, undefined> {
    for await (const { opened } of this.readStored(options)) yield opened;
  }

  /** As `read`, with each message as it is stored. */
  async *readStored(
    options: { from?: number; to?: number; signal?: AbortSignal } = {},
  ): AsyncGenerator<StoredPage, void, undefined> {
    const { from = 1, to = Number.POSITIVE_INFINITY, signal } = options;
    await this.whenComplete(signal);
    for (let after = Math.max(from, 1) - 1; after < Math.min(to, this.#history.through); ) {
      if (signal?.aborted || this.#closed) throw new ClientError("aborted", "This was cancelled.");
      const page = await this.#history.read(after);
      this.#feed.publish();
      const last = page.opened.at(-1);
      if (!last) return;
      const count = last.seq > to ? to - after : page.opened.length;
      yield { opened: page.opened.slice(0, count), stored: page.stored.slice(0, count) };
      after = last.seq;
    }
  }

  /** Resolves once all of what may be read is checked, here or not. @throws ClientError `aborted`, `not_found` */
  async whenComplete(signal?: AbortSignal): Promise<RoomState> {
    return this.#feed.until((state) => state.complete && state.integrity.state !== "checking", signal);
  }

  /** Resolves once messages can go out. @throws ClientError `aborted`, `not_found` */
  async whenLive(signal?: AbortSignal): Promise<RoomState> {
    return this.#feed.until((state) => state.connection === "live", signal);
  }

  /** @throws ClientError with the server's code when it refuses; while the line is down it waits. */
  async send(text: string, options: SendOptions = {}): Promise<MessageId> {
    this.#requireWriter();
    return (this.#writing ?? (await this.#write())).send(text, options);
  }

  /** Writes for somebody who writes elsewhere, under their name; signed by this device, as everything it writes. @throws as `send` */
  async relay(message: RelayedMessage): Promise<MessageId> {
    this.#requireWriter();
    return (await this.#write()).relay(message);
  }

  retryPending(id: MessageId): void {
    this.#writing?.outbox.retry(id);
  }

  discardPending(id: MessageId): void {
    this.#writing?.outbox.discard(id);
  }

  /**
   * Says something else in the place of a message of one's own; what was attached to it stays, except those embeds that it
   * is to be without. Resolves when that is stored.
   * It is no mention, whatever it says (R9). @throws ClientError `not_allowed`, `bad_request`, and as `send`
   */
  async edit(target: MessageId, text: string, options: { without?: readonly EmbedId[] } = {}): Promise<void> {
    this.#requireWriter();
    return (this.#writing ?? (await this.#write())).amending.edit(target, text, options);
  }

  /**
   * Takes a message of one's own back, or as the owner removes anybody's, and has the server erase what it stored of it.
   * Resolves when that is stored. @throws ClientError `not_allowed`, and as `send`
   */
  async redact(target: MessageId): Promise<void> {
    this.#requireWriter();
    return (this.#writing ?? (await this.#write())).amending.redact(target);
  }

  /**
   * Says whether a message of one's own may go to models, from now on. Resolves when that is stored.
   * @throws ClientError `not_allowed`, and as `send`
   */
  async withhold(target: MessageId, withheld: boolean): Promise<void> {
    this.#requireWriter();
    return (await this.#write()).amending.withhold(target, withheld);
  }

  /**
   * Puts an emoji to a message, or takes it away: shown at once, and the last word counts. Resolves when that is stored, or
   * when a later word has taken its place. @throws ClientError `bad_request`, `not_allowed`, `too_large`, and as `send`
   */
  async react(target: MessageId, emoji: string, on: boolean): Promise<void> {
    this.#requireWriter();
    return (this.#writing ?? (await this.#write())).amending.react(target, emoji, on);
  }

  /**
   * Comes in under a name and in a colour (from 0 to 11, null for the one that goes with one's key), or changes them; what is
   * not named stays. @throws ClientError `bad_request` for a name that is taken for the mate's
   */
  async join(name: string, options: { colour?: number | null } = {}): Promise<void> {
    this.#requireWriter();
    return (this.#writing ?? (await this.#write())).join(name, options);
  }

  /**
   * Says that a model of one's own answers what others ask it, or with null that none does; `answerOthers` then does it.
   * Resolves when that is stored. @throws ClientError as `send`
   */
  async offerModel(model: string | null): Promise<void> {
    this.#requireWriter();
    return (await this.#write()).offerModel(model);
  }

  /** Answers what others ask one's own model from now on, until the room is closed or `stop` is called. @throws ClientError `unreachable` */
  async answerOthers(own: OwnModel): Promise<{ stop(): void }> {
    return (await this.asking()).answerOthers(own, (look) => this.subscribe(look));
  }

  /** Notes that this person has read up to a number; others are told unless this device is set not to. */
  markRead(seq: number): void {
    this.#reads.mark(Math.min(seq, this.#history.through));
  }

  setTyping(typing: boolean): void {
    if (this.#role === "reader" || !this.#isLive) return;
    // Nobody is told when this fails: the next key stroke says it again.
    this.#requireLine()
      .request("typing", { chat: this.chat, typing })
      .catch(() => undefined);
  }

  /** What mentions send, and how they are asked: loaded when it is first needed. @throws ClientError `unreachable` */
  asking(): Promise<Asking> {
    this.#asking ??= import("./asking.ts").then(
      ({ Asking }) => new Asking(this.#inside),
      (cause: unknown) => {
        this.#asking = null;
        throw unreachable(cause);
      },
    );
    return this.#asking;
  }

  /** Asks the mate about a message of one's own. @throws ClientError with the server's code */
  async ask(message: MessageId, options: AskOptions = {}): Promise<AskId> {
    return (await this.asking()).ask(message, options);
  }

  /** Repeats an ask that was cut off, under the same id: there is never a second answer. */
  async tryAgain(ask: AskId, options: AskOptions = {}): Promise<void> {
    return (await this.asking()).tryAgain(ask, options);
  }

  async stop(ask: AskId): Promise<void> {
    return (await this.asking()).stop(ask);
  }

  /** How many of the messages up to a number are ones that people read. */
  messagesTo(seq: number): number {
    return this.#transcript.messagesTo(seq);
  }

  /** What was said about which message of which number, whether it counts or not. */
  amended(): ReturnType<Transcript["amended"]> {
    return this.#transcript.amended();
  }

  /** Heads behind a position, as the room itself computes them. */
  readonly heads: MessageOpener["heads"] = (before, entries) => this.#transcript.opener.heads(before, entries);

  /** The owner's newest seal; null for a chat that was never shared. */
  get sealed(): History["sealed"] {
    return this.#history.sealed;
  }

  /** Ed25519: whose seal counts. */
  get ownerKey(): Bytes {
    return this.#setup.owner.key;
  }

  /** The furthest verified end; what the owner seals. */
  get verifiedEnd(): Position {
    return this.#transcript.end;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#retry);
    clearTimeout(this.#again);
    this.#following?.stop();
    void this.#asking?.then((asking) => asking.end());
    this.#people.stop();
    this.#reads.stop();
    this.#writing?.outbox.stop();
    this.#history.stop();
    this.#feed.close();
    this.#setup.onClose();
  }

  /** Everything that goes out does so by this: whoever waits for it to be loaded does so in the order of writing. */
  #write(): Promise<Writing> {
    this.#loadingWriting ??= import("./writing.ts").then(
      ({ Writing }) => {
        const writing = new Writing(this.#inside);
        this.#writing = writing;
        if (this.#connection === "live") writing.resume();
        // What was written before it was loaded is kept all the same.
        if (this.#closed) setTimeout(() => writing.outbox.stop());
        return writing;
      },
      (cause: unknown) => {
        this.#loadingWriting = null;
        throw unreachable(cause);
      },
    );
    return this.#loadingWriting;
  }

  #lookInside(): RoomInside {
    const role = () => this.#role;
    const answers = () => this.#answers;
    const isLive = () => this.#isLive;
    return {
      setup: this.#setup,
      transcript: this.#transcript,
      history: this.#history,
      people: this.#people,
      get answers() {
        return answers();
      },
      get role() {
        return role();
      },
      get isLive() {
        return isLive();
      },
      name: this.#setup.name,
      find: async (id) => {
        const seq = await this.seqOf(id);
        if (seq === null) return undefined;
        await this.load(seq, seq);
        return this.#transcript.at(seq);
      },
      withheldHere: (id) => this.#writing?.outbox.withholds(id) ?? null,
      readAll: () => this.read(),
      requireWriter: () => this.#requireWriter(),
      liveLine: () => this.#liveLine(),
      comeInAgain: () => this.#following?.comeInAgain(),
      enqueue: (work) => this.#enqueue(work),
      changed: () => this.#feed.publish(),
    };
  }

  #lookFollowed(): FollowedRoom {
    return Object.assign(this.#lookInside(), {
      reads: this.#reads,
      loseLine: () => this.#setConnection("offline"),
      goLive: () => {
        this.#setConnection("live");
        this.#writing?.resume();
        this.#reads.resume();
      },
      onlyRead: () => {
        this.#role = "reader";
        this.#feed.publish();
      },
      takeStanding: (told: ChatChanged | Joined) => this.#takeStanding(told),
      takeShared: (told: ChatChanged | Joined) => this.#takeShared(told),
      halt: (stream: StreamId) => void this.#asking?.then((asking) => asking.halt(stream)),
      end: (why: ClientError | null) => this.#end(why),
    });
  }

  /** And then, all amendments being here, whether the chat came of another one. */
  async #loadRest(): Promise<void> {
    await this.#history.loadRest();
    await this.#origin.read(this.heads);
  }

  /** Names and finished answers out of new messages. */
  #learn(messages: readonly RoomMessage[]): void {
    this.#origin.learn(messages);
    this.#people.learn(messages);
    for (const { id, body } of messages) {
      // An answer's message id is its ask id (SPEC I5). Whatever else has taken its place, no answer comes any more.
      const ask = body.type === "reply" ? body.ask : (id as string as AskId);
      this.#following?.answers.finish(ask);
    }
    // At once: nobody is to see a message twice, among the others and as one that still waits.
    this.#writing?.outbox.reconcile();
  }

  #takeStanding({ closed, offeredTo, successions }: ChatChanged | Joined): void {
    this.#readOnly = closed;
    this.#offeredTo = offeredTo;
    this.#handedOver ||= successions.length > this.#setup.successions;
  }

  /** A seal of the next owner's is for whoever opens the chat again. */
  async #takeShared(told: ChatChanged | Joined): Promise<void> {
    if (told.successions.length <= this.#setup.successions) await this.#history.takeShared(told);
  }

  #requireLine(): Connection {
    if (this.#following) return this.#following.line;
    if (this.#setup.live) throw unreachable();
    throw new ClientError("not_allowed", "This chat was opened to be read only.");
  }

  /** Whether the server knows us in this chat: who closes it has left. */
  get #isLive(): boolean {
    return this.#connection === "live" && !this.#closed;
  }

  /** @throws ClientError `unreachable` while the server would not know us in this chat, `not_found` once it has ended */
  #liveLine(): Connection {
    const line = this.#requireLine();
    if (this.#connection === "ended") throw chatEnded();
    if (!this.#isLive) throw unreachable();
    return line;
  }

  #requireWriter(): void {
    if (this.#role === "reader") throw new ClientError("not_allowed", "This link is for reading only.");
    if (this.#connection === "ended") throw new ClientError("not_allowed", "This chat has ended.");
    if (this.#readOnly && this.#role === "member") {
      throw new ClientError("chat_closed", "The owner has closed this chat to writing.");
    }
  }

  /** `why` is null when the server has said that access ended, else what it refused. */
  #end(why: ClientError | null = null): void {
    this.#setConnection("ended");
    this.#writing?.outbox.refuseAll(chatEnded(), { forget: (why?.code ?? "not_found") === "not_found" });
  }

  #setConnection(connection: RoomState["connection"]): void {
    if (this.#connection === "ended") return;
    this.#connection = connection;
    this.#feed.publish();
  }

  /** Puts work behind what is being done; a page that does not come is asked for again. */
  #enqueue(work: () => Promise<void>): void {
    this.#work = this.#work
      .then(async () => {
        if (!this.#closed) await work();
      })
      .catch((error: unknown) => this.#afterFailure(error))
      .then(() => {
        this.#writing?.outbox.reconcile();
        this.#feed.publish();
      });
  }

  #afterFailure(error: unknown): void {
    if (error instanceof ProtocolError) this.#transcript.violate(error);
    else if (error instanceof ClientError && !error.retryable) this.#end(error);
    else this.#loadRestLater();
  }

  #loadRestLater(): void {
    clearTimeout(this.#retry);
    if (this.#closed) return;
    this.#retry = setTimeout(() => this.#enqueue(() => this.#loadRest()), RETRY_PAUSE);
  }

  get #answers(): readonly Answer[] {
    return this.#following?.answers.list ?? [];
  }

  get #me(): SenderId | null {
    return this.#role === "reader" ? null : this.#setup.identity.sender;
  }

  #snapshot(): RoomState {
    return {
      chat: this.chat,
      role: this.#role,
      linkMode: this.#linkMode,
      title: this.#history.title,
      owner: this.#setup.owner.sender,
      me: this.#me,
      connection: this.#connection,
      messages: this.#history.window,
      complete: this.#history.complete && !this.#origin.pending,
      named: this.#role === "owner" || this.#people.nameOf(this.#setup.identity.sender) !== null,
      pending: this.#writing?.outbox.pending ?? [],
      amending: this.#writing?.outbox.amending ?? [],
      reactions: this.#reactions.now(this.#me),
      answers: this.#answers,
      people: this.#people.list(this.#setup.owner.sender, this.#reads),
      readThrough: this.#reads.mine,
      namesakes: this.#people.namesakes(this.#setup.owner.sender),
      sharedThrough: this.#history.sharedThrough,
      closed: this.#readOnly,
      offeredTo: this.#offeredTo,
      handedOver: this.#handedOver,
      integrity: this.#history.judge(),
      ancestry: this.#origin.ancestry,
    };
  }
}
