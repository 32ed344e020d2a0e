import { claimSender } from "@openmates-share/protocol/crypto";
import {
  type AskStatus,
  type Bytes,
  type ChatChanged,
  type Delta,
  type Joined,
  replyIdOf,
  type StreamId,
} from "@openmates-share/protocol/wire";
import { Answers } from "./answers.ts";
import type { Connection } from "./connection.ts";
import { ClientError } from "./errors.ts";
import { joinedSchema } from "./events.ts";
import type { Reads } from "./reads.ts";
import { readAnswer } from "./responses.ts";
import { followChat } from "./room-feed.ts";
import type { RoomInside } from "./room-inside.ts";

/** A room, as seen by what follows it. */
export interface FollowedRoom
  extends Pick<RoomInside, "setup" | "transcript" | "history" | "people" | "role" | "enqueue" | "changed"> {
  readonly reads: Reads;
  loseLine(): void;
  /** The server knows this device in the chat: what waits goes out. */
  goLive(): void;
  /** The server takes nothing from this device any more: what remains is to read. */
  onlyRead(): void;
  /** What was said about the chat as a whole. */
  takeStanding(told: ChatChanged | Joined): void;
  takeShared(told: ChatChanged | Joined): Promise<void>;
  halt(stream: StreamId): void;
  /** `why` is null when the server has said that access ended, else what it refused. */
  end(why: ClientError | null): void;
}

/** Pause before a chat that could not be joined is joined again. Milliseconds. */
const RETRY_PAUSE = 2_000;

/** Follows one chat over the line: comes in, again after every break, and hands on what the server tells from then on. */
export class Following {
  readonly line: Connection;
  readonly answers: Answers;
  readonly #room: FollowedRoom;
  /** Counts what was said about the chat as a whole: an answer that was made before the last of it may be older. */
  #changes = 0;
  #rejoin: ReturnType<typeof setTimeout> | undefined;
  #stopped = false;
  #claimed: { readonly session: string; readonly claim: Bytes } | null = null;
  #unfollow: () => void = () => undefined;

  constructor(room: FollowedRoom, line: Connection) {
    this.#room = room;
    this.line = line;
    this.answers = new Answers((epoch) => room.transcript.keyOf(epoch));
  }

  start(): void {
    if (!this.#stopped) this.#unfollow = this.#follow();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#rejoin);
    this.#unfollow();
  }

  #follow(): () => void {
    const room = this.#room;
    return followChat(this.line, room.setup.opened.chat, {
      onMessages: ({ messages }) => room.enqueue(() => room.history.takeNews(messages)),
      onDeltas: (deltas) => room.enqueue(() => this.#takeDeltas(deltas)),
      onAsk: (status) => room.enqueue(() => this.#takeAsk(status)),
      onHalt: ({ stream }) => room.halt(stream),
      onPresence: ({ sender, present }) => {
        room.people.setPresent(sender, present);
        room.changed();
      },
      onTyping: ({ sender, typing }) => {
        room.people.setTyping(sender, typing);
        room.changed();
      },
      onRead: ({ reads }) => room.reads.take(reads),
      onChanged: (change) => {
        this.#changes++;
        room.enqueue(() => this.#takeChange(change));
      },
      onRemoved: () => room.end(null),
      onConnect: () => void this.#join(),
      onLost: () => room.loseLine(),
    });
  }

  /** The server does not know us in the chat any more, though the line stands. */
  comeInAgain(): void {
    this.#room.loseLine();
    void this.#join();
  }

  async #join(): Promise<void> {
    if (this.#stopped) return;
    const { setup, role, history, people, enqueue } = this.#room;
    const onLine = this.line.socket.id;
    try {
      const { chat } = setup.opened;
      const sender = role === "reader" ? null : setup.identity.sender;
      const claim = sender && (await this.#claim());
      // On another line, which may speak for another session, we come in anew.
      if (this.#stopped || this.line.socket.id !== onLine) return;
      const changes = this.#changes;
      people.expectPresent();
      const asked = { chat, link: setup.linkBearer, sender, claim, after: history.through };
      const joined = readAnswer(joinedSchema, await this.line.request("join", asked));
      // At once: what is heard while the history comes is newer.
      people.replacePresent(joined.present);
      if (changes === this.#changes) this.#room.takeStanding(joined);
      enqueue(() => this.#takeJoined(joined, { onLine }).catch((error: unknown) => this.#afterHalfJoined(error)));
    } catch (error) {
      if (this.#mayOnlyRead(error)) await this.#join();
      else if (error instanceof ClientError && !error.retryable) this.#room.end(error);
      else this.#rejoinLater();
    }
  }

  /** What whoever comes in for the first time proves their sender by (SPEC T92); null where the line speaks for nobody. */
  async #claim(): Promise<Bytes | null> {
    const { session } = this.line;
    if (session === null) return null;
    if (this.#claimed?.session !== session) {
      const { identity, opened } = this.#room.setup;
      this.#claimed = { session, claim: await claimSender({ identity, chat: opened.chat, session }) };
    }
    return this.#claimed.claim;
  }

  /** The chat is full, or this person writes in it from another device with another key: what remains is to read. */
  #mayOnlyRead(error: unknown): boolean {
    if (!(error instanceof ClientError) || error.code !== "forbidden" || this.#room.role === "reader") return false;
    this.#room.onlyRead();
    return true;
  }

  #rejoinLater(): void {
    if (this.#stopped || this.#rejoin !== undefined) return;
    this.#rejoin = setTimeout(() => {
      this.#rejoin = undefined;
      if (this.line.socket.connected) void this.#join();
    }, RETRY_PAUSE);
  }

  /** A room whose history did not come is not in: it comes in again. */
  #afterHalfJoined(error: unknown): void {
    if (error instanceof ClientError && error.retryable) this.#rejoinLater();
    throw error;
  }

  /** Says nothing of a line that has broken since: of another one the server does not know us yet. */
  async #takeJoined(joined: Joined, { onLine }: { onLine: string | undefined }): Promise<void> {
    const { reads, history } = this.#room;
    reads.take(joined.reads);
    await this.#room.takeShared(joined);
    history.reachTo(joined.page.through);
    await history.takeNews(joined.page.messages);
    await history.loadRest();
    for (const { deltas, ...status } of joined.asks) {
      await this.#takeAsk(status);
      await this.#takeDeltas(deltas);
    }
    if (this.line.socket.id === onLine) this.#room.goLive();
  }

  async #takeAsk(status: AskStatus): Promise<void> {
    const { transcript } = this.#room;
    if (transcript.seqOf(replyIdOf(status.ask)) !== null) return;
    if (status.status.state === "running") await transcript.reach(status.status.epoch);
    await this.answers.update(status);
  }

  async #takeDeltas(deltas: readonly Delta[]): Promise<void> {
    let whole = true;
    for (const delta of deltas) whole = (await this.answers.add(delta)) && whole;
    // Joining tells everything that was streamed so far.
    if (!whole) this.#rejoinLater();
  }

  async #takeChange(change: ChatChanged): Promise<void> {
    this.#room.takeStanding(change);
    await this.#room.takeShared(change);
    await this.#room.history.loadRest();
  }
}
