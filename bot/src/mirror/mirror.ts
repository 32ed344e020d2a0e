import { createHash } from "node:crypto";
import type { ChatId, MessageId } from "@openmates-share/client";

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

/** A message that is on both sides. */
export interface Mirrored {
  readonly message: MessageId;
  readonly ts: string;
  readonly fromSlack: boolean;
  /** Hash of what was last said of it on the other side. */
  readonly said: Uint8Array;
}

export interface MirrorStore {
  /** False when the thread is mirrored already. */
  add(mirror: Mirror): Promise<boolean>;
  find(place: MirrorPlace): Promise<Mirror | null>;
  /** Ends it, and forgets what was on both sides. */
  remove(place: MirrorPlace): Promise<void>;
  removeTeam(team: string): Promise<void>;
  /** Those that this node works on for so long from now, because it did before or nobody does. */
  lease(node: string, milliseconds: number): Promise<readonly Mirror[]>;
  /** Lets go of them: the node ends. */
  release(node: string): Promise<void>;
  /** Something has happened in that thread; false where nothing is mirrored. */
  poke(place: MirrorPlace): Promise<boolean>;
  /** When it was poked last, milliseconds since 1970; null once it was removed. */
  pokedAt(place: MirrorPlace): Promise<number | null>;
  /** The mirrored thread that a message of Slack's is in; null for all others. */
  threadOf(message: { team: string; channel: string; ts: string }): Promise<string | null>;
  entries(place: MirrorPlace): Promise<readonly Mirrored[]>;
  keep(place: MirrorPlace, entry: Mirrored): Promise<void>;
  drop(place: MirrorPlace, message: MessageId): Promise<void>;
}

/** What a message of Slack's is called in the chat: the same however often and on whichever node it is mirrored. */
export function mirroredId({ team, channel, chat }: Mirror, ts: string): MessageId {
  const name = JSON.stringify(["openmates-share v1 slack message", chat, team, channel, ts]);
  return createHash("sha256").update(name).digest().subarray(0, 16).toString("base64url") as MessageId; // 16 bytes.
}

/** Hash of a text, to see later whether it is another. */
export function saidOf(text: string): Uint8Array {
  return createHash("sha256").update(text).digest();
}

export function placeName({ team, channel, thread }: MirrorPlace): string {
  return JSON.stringify([team, channel, thread]);
}
