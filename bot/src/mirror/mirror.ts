import { createHash } from "node:crypto";
import type { ChatId, EmbedId, MessageId } from "@openmates-share/client";
import { BotError } from "../errors.ts";

/** A thread that is mirrored. */
export interface MirrorPlace {
  readonly team: string;
  readonly channel: string;
  readonly thread: string;
}

/** A thread and the chat that it is mirrored to, both ways. */
export interface Mirror extends MirrorPlace {
  readonly chat: ChatId;
  /** Who began it. */
  readonly user: string;
}

/** As the node that works on it has it: what that writes down counts only while it does. */
export interface HeldPlace extends MirrorPlace {
  readonly node: string;
}

/** Why nothing is brought over for a while: the chat takes nothing, or Slack shows the thread to the bot no more. */
export type PauseReason = "chat_closed" | "not_in_channel" | "archived";

/** How far a mirror has got. */
export interface MirrorProgress {
  /** The number of the last message of the chat whose word is in the thread. */
  readonly chatThrough: number;
  /** Time stamp of the last message of the thread that is in the chat; null: all of it is to be compared. */
  readonly slackThrough: string | null;
  /** Said in words on the side that can be told; null while it goes on. */
  readonly paused: PauseReason | null;
  /** The chat has another owner, and the thread was told. */
  readonly ceded: boolean;
}

/** A file of Slack's that is an embed of the chat. */
export interface MirroredFile {
  readonly file: string;
  readonly embed: EmbedId;
}

/** A message that is on both sides, or on its way into Slack. */
export interface Mirrored {
  readonly message: MessageId;
  /** Null while it is being posted: whether it was, shows in the thread. */
  readonly ts: string | null;
  readonly fromSlack: boolean;
  /** Hash of what was last said of it on the other side. */
  readonly said: Uint8Array;
  /** Of the message's files, in their order, those at the end that are not in Slack yet. */
  readonly filesLeft: number;
  /** Slack's id of the first of these once its bytes are there: whether it was shared, shows in the thread. */
  readonly upload: string | null;
  /** Those of Slack's message that are in the chat; of the chat's own none are kept. */
  readonly files: readonly MirroredFile[];
}

/** A mirror that a node works on. */
export interface LeasedMirror extends Mirror {
  /** Whether something has happened in the thread that is not dealt with. */
  readonly touched: boolean;
}

/** Messages of a thread that something has happened to; more may be touched meanwhile. */
export interface Touched {
  readonly stamps: readonly string[];
  /** Something may have happened to any: all are to be compared. */
  readonly all: boolean;
  /** For `settle`: these and no later ones. */
  readonly through: bigint;
}

/** Slack gives a channel another id, as when it is shared with another organisation. */
export interface ChannelMove {
  readonly team: string;
  readonly from: string;
  readonly to: string;
}

export interface MirrorStore {
  /** False when the thread is mirrored already. */
  add(mirror: Mirror): Promise<boolean>;
  find(place: MirrorPlace): Promise<Mirror | null>;
  /** Ends it, and forgets what was on both sides. False when somebody else has ended it. */
  remove(place: MirrorPlace): Promise<boolean>;
  /** Ends all of a workspace; returns them. */
  removeTeam(team: string): Promise<readonly Mirror[]>;
  ofChannel(which: { team: string; channel: string }): Promise<readonly Mirror[]>;
  /** The channel has another id from now on. */
  moveChannel(move: ChannelMove): Promise<void>;
  /** The mirrors of a chat in a workspace; one, as things are. */
  ofChat(which: { team: string; chat: ChatId }): Promise<readonly Mirror[]>;
  /** Those that this node works on for so long from now, because it did before or nobody does. */
  lease(node: string, milliseconds: number): Promise<readonly LeasedMirror[]>;
  /** Holds one for so long from now; false when it is another node's by now, or has ended. */
  hold(place: MirrorPlace, node: string, milliseconds: number): Promise<boolean>;
  /** Lets go of them: the node ends. */
  release(node: string): Promise<void>;
  /** Something has happened in that thread, to that message; false where nothing is mirrored. */
  touch(place: MirrorPlace, ts: string): Promise<boolean>;
  touched(place: MirrorPlace): Promise<Touched>;
  /** What was touched up to there is dealt with. */
  settle(place: MirrorPlace, through: bigint): Promise<void>;
  /** Something may have happened that Slack did not tell of: the threads of a workspace, or of one channel, are to be compared as a whole. */
  missed(where: { team: string; channel?: string }): Promise<void>;
  progress(place: MirrorPlace): Promise<MirrorProgress>;
  /** @throws BotError `not_mirrored` when the mirror is another node's by now, or has ended */
  advance(place: HeldPlace, progress: Partial<MirrorProgress>): Promise<void>;
  /** The mirrored thread that a message of Slack's is in; null for all others. */
  threadOf(message: { team: string; channel: string; ts: string }): Promise<string | null>;
  /** Slack's messages whose file that is in a chat. */
  withFile(which: { team: string; file: string }): Promise<readonly (MirrorPlace & { readonly ts: string })[]>;
  entry(place: MirrorPlace, message: MessageId): Promise<Mirrored | null>;
  entryAt(place: MirrorPlace, ts: string): Promise<Mirrored | null>;
  entries(place: MirrorPlace): Promise<readonly Mirrored[]>;
  /** Those that are on their way into Slack, or whose files are. */
  unfinished(place: MirrorPlace): Promise<readonly Mirrored[]>;
  /** Notes what is about to come, and returns what is known of it then: more than that, if somebody was faster. @throws as `advance` */
  note(place: HeldPlace, entry: Mirrored): Promise<Mirrored>;
  /** Adds it, or takes the place of what was known. @throws as `advance` */
  keep(place: HeldPlace, entry: Mirrored): Promise<void>;
  /** @throws as `advance` */
  drop(place: HeldPlace, message: MessageId): Promise<void>;
}

/** Hash of a text, to see later whether it is another. */
export function saidOf(text: string): Uint8Array {
  return createHash("sha256").update(text).digest();
}

export function isSame(some: Uint8Array, others: Uint8Array): boolean {
  return Buffer.compare(some, others) === 0;
}

/** What another node does by now is not for this one to write down. */
export function notHeld(): BotError {
  return new BotError("not_mirrored", "This thread is not mirrored by this node any more.");
}

export function placeName({ team, channel, thread }: MirrorPlace): string {
  return JSON.stringify([team, channel, thread]);
}
