import type { Content, FilePart, ImagePart, ReplyContent } from "@openmates-share/protocol/content";
import type { Copied } from "@openmates-share/protocol/fork";
import type {
  AskFault,
  AskId,
  ChatId,
  LinkMode,
  MessageId,
  Position,
  ProtocolErrorCode,
  Role,
  SenderId,
} from "@openmates-share/protocol/wire";
import type { Ancestry } from "./fork/ancestry-state.ts";
import type { Namesake, Namesakes } from "./namesakes.ts";

/** A stored message after everything about it was checked. */
export interface RoomMessage {
  /** From 1, without gaps. */
  readonly seq: number;
  readonly id: MessageId;
  readonly sender: SenderId;
  /** The server's clock, milliseconds since 1970. */
  readonly storedAt: number;
  /** A sentence when its writer verified another history than the one shown here: the server or the writer lies. */
  readonly doubt: string | null;
  /** The amendment that says what stands in the body now, by its number and its writer's clock; null for what was never edited. */
  readonly edited: { readonly seq: number; readonly time: number | null } | null;
  readonly body:
    | { readonly type: "content"; readonly content: Content; readonly copied?: Copied }
    | { readonly type: "reply"; readonly ask: AskId; readonly reply: ReplyContent; readonly copied?: Copied }
    /** Taken back by whoever wrote it, or removed by the owner, with the amendment of that number. */
    | { readonly type: "redacted"; readonly by: "sender" | "owner"; readonly seq: number }
    /** It did not open; nothing else is tried (R3). */
    | { readonly type: "broken"; readonly code: ProtocolErrorCode; readonly message: string };
}

/** Written here and not yet acknowledged by the server; kept on the device until it is. */
export interface PendingMessage {
  readonly id: MessageId;
  /** The words; empty where there are only attachments. */
  readonly text: string;
  readonly attachments: readonly (ImagePart | FilePart)[];
  readonly time: number;
  readonly replyTo: MessageId | null;
  /** `waiting` goes out by itself when the line is back; `refused` needs the person. */
  readonly state: "waiting" | { readonly refused: string };
}

/** An edit (or with `text` null a deletion) written here and not yet acknowledged. */
export interface PendingAmendment {
  readonly id: MessageId;
  readonly target: MessageId;
  readonly text: string | null;
  readonly state: PendingMessage["state"];
}

/** An emoji at a message, with those who put it there, in the order in which they did. */
export interface Reaction {
  readonly emoji: string;
  readonly senders: readonly SenderId[];
  /** Whether I am one of them; what I have just clicked counts at once. */
  readonly mine: boolean;
}

/** The reactions of a chat. Its identity changes when one of them does. */
export interface ReactionView {
  /** Those at a message, by its number or id, the oldest first: the same value until they change. None where it was taken back. */
  of(message: number | MessageId): readonly Reaction[];
}

/** An answer that is not (or not yet) a stored message. */
export interface Answer {
  readonly ask: AskId;
  /** The message that asked. */
  readonly message: MessageId;
  /** Who answers with a model of their own; null where the mate does. */
  readonly by: SenderId | null;
  readonly state: "running" | "interrupted" | "failed";
  /** What has arrived so far: markdown. */
  readonly text: string;
  /** With `failed`: why, in a sentence. */
  readonly reason: string | null;
  /** With `failed`: why, as a code. */
  readonly fault: AskFault | null;
  /** With `failed`: until when the server refuses to try again, by `performance.now()`, which nobody sets; null for not at all. */
  readonly retryAt: number | null;
}

export interface Person {
  readonly sender: SenderId;
  readonly name: string;
  /** Whether they have said so themselves, signed: until then nothing proves their key, and a chat can't be handed to them. */
  readonly named: boolean;
  /** Which of those who go by that name; null for the only one. */
  readonly namesake: Namesake | null;
  /** Which of the twelve colours, from 0: chosen in joining, or made from the sender id. */
  readonly colour: number;
  readonly owner: boolean;
  /** A model of their own that answers what others ask it, while they are here (SPEC C20); null for none. */
  readonly model: string | null;
  readonly present: boolean;
  readonly typing: boolean;
  /** The last number that this person is known to have read; 0 for none. */
  readonly readThrough: number;
}

/** Whether what the server shows is what the owner shared. */
export type Integrity =
  /** How many messages, of how many, are known to have their place. What is shown already may turn out to be altered. */
  | { readonly state: "checking"; readonly checked: number; readonly of: number }
  /** Complete and unaltered up to the seal, which the owner made of that position at that time (milliseconds since 1970). */
  | { readonly state: "sealed"; readonly time: number; readonly at: Position }
  /** Nobody has shared it yet (only the owner sees that). */
  | { readonly state: "unsealed" }
  | { readonly state: "violated"; readonly code: ProtocolErrorCode; readonly message: string };

/** The messages of a chat, of which some are here. Its identity changes when something in it does. */
export interface MessageWindow {
  /** The last number there is. */
  readonly through: number;
  /** Undefined for what is not here: `Room.load` brings it. */
  at(seq: number): RoomMessage | undefined;
  /** What is here, in order; there may be gaps. */
  readonly loaded: readonly RoomMessage[];
}

/** Everything a screen needs, as one immutable value; a new one for every change. */
export interface RoomState {
  readonly chat: ChatId;
  readonly role: Role;
  /** The mode of the link in use; null for the owner. */
  readonly linkMode: LinkMode | null;
  readonly title: string;
  /** Known by the key that came with the link; also what to compare when somebody asks whose chat it is. */
  readonly owner: SenderId;
  /** Who this device writes as; null for read-only readers. */
  readonly me: SenderId | null;
  /** `ended`: revoked, expired, removed or deleted. */
  readonly connection: "connecting" | "live" | "offline" | "ended";
  readonly messages: MessageWindow;
  /** False until the place of every message is known; the messages themselves are here as far as they were loaded. */
  readonly complete: boolean;
  /** Whether this device is known in the chat by a name, or is its owner. */
  readonly named: boolean;
  readonly pending: readonly PendingMessage[];
  /** What is on its way to change a message that is stored. */
  readonly amending: readonly PendingAmendment[];
  readonly reactions: ReactionView;
  readonly answers: readonly Answer[];
  readonly people: readonly Person[];
  /** How far I have read, on any of my devices. */
  readonly readThrough: number;
  /** Tells apart who goes by one name. */
  readonly namesakes: Namesakes;
  /** The owner's cut-off; messages behind it are private to members. */
  readonly sharedThrough: number;
  /** The owner has closed the chat to writing: the owner alone writes. */
  readonly closed: boolean;
  /** Whom the owner offers the chat; null for nobody. */
  readonly offeredTo: SenderId | null;
  /** The chat has got another owner since it was opened here: opening it again tells who. */
  readonly handedOver: boolean;
  readonly integrity: Integrity;
  /** Where the chat came from; null for one that is no fork, or before that is verified. */
  readonly ancestry: Ancestry | null;
}
