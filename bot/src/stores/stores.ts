import type { ChatId, LinkId, SecretStore } from "@openmates-share/client";
import type { EventStore } from "../delivery/intake.ts";
import type { JobStore } from "../delivery/jobs.ts";
import type { InstallationStore, InstallStateStore } from "../installations/installation-store.ts";
import type { MirrorStore } from "../mirror/mirror.ts";
import type { CardStore } from "./card-store.ts";

/** A link that somebody made from Slack. The key is not part of it. */
export interface Share {
  readonly team: string;
  readonly user: string;
  readonly channel: string;
  /** The thread that was shared; null for messages of the channel itself. */
  readonly thread: string | null;
  readonly chat: ChatId;
  readonly link: LinkId;
  /** The last message that was taken; an update begins behind it. Null when nobody knows. */
  readonly lastTs: string | null;
  /** The card in the channel. */
  readonly cardTs: string | null;
  readonly collaborative: boolean;
  /** Whether files, and replies in threads, were taken along. */
  readonly files: boolean;
  readonly replies: boolean;
  /** Milliseconds since 1970. */
  readonly expiresAt: number | null;
  readonly createdAt: number;
}

export interface ShareStore {
  add(share: Share): Promise<void>;
  /** A person's live shares, newest first, at most `limit`. */
  ofUser(who: { team: string; user: string; limit: number }): Promise<readonly Share[]>;
  /** The person's live shares of one chat; empty when somebody else made them. */
  ofChat(which: { team: string; user: string; chat: ChatId }): Promise<readonly Share[]>;
  /** Anybody's live shares of one chat. */
  byChat(which: { team: string; chat: ChatId }): Promise<readonly Share[]>;
  /** Keeps how far it was taken and where its card is. */
  update(share: Share): Promise<void>;
  markRevoked(share: Share): Promise<void>;
  /** The channel has another id from now on. */
  moveChannel(move: { team: string; from: string; to: string }): Promise<void>;
}

/** A link in a place: what must not be unfurled again and again. */
export interface UnfurlSpot {
  readonly team: string;
  /** The channel, or the draft while somebody is still writing. */
  readonly place: string;
  /** Chat or embed, and its id. */
  readonly subject: string;
}

export interface UnfurlStore {
  /** True for the one who may unfurl now; false within half an hour of that. Atomic across processes. */
  claim(spot: UnfurlSpot): Promise<boolean>;
  /** Gives the claim back: the unfurl failed. */
  release(spot: UnfurlSpot): Promise<void>;
}

/** Everything the bot remembers. */
export interface Stores {
  readonly shares: ShareStore;
  readonly unfurls: UnfurlStore;
  readonly installations: InstallationStore;
  readonly installStates: InstallStateStore;
  readonly events: EventStore;
  readonly jobs: JobStore;
  readonly cards: CardStore;
  readonly mirrors: MirrorStore;
  /** What the bot's client of one workspace keeps: session, identity, chat keys. */
  secrets(team: string): SecretStore;
  close(): Promise<void>;
}

/** Half an hour: as long as Slack itself waits before it unfurls the same link in a channel again. */
export const UNFURL_PAUSE_MS = 30 * 60 * 1000;
