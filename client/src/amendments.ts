import type { EditContent } from "@openmates-share/protocol/content";
import type { MessageId, Position, SenderId } from "@openmates-share/protocol/wire";
import type { RoomMessage } from "./room-state.ts";

type Edit = Pick<EditContent, "parts" | "time"> & { readonly seq: number };

/** What one sender has said about one message. */
interface Said {
  /** The newest one. */
  readonly edit: Edit | null;
  readonly withholding: { readonly seq: number; readonly withheld: boolean } | null;
  /** Numbers of the first and the last redaction: one in front of the message doesn't count. */
  readonly redacted: { readonly first: number; readonly last: number } | null;
}

const NOTHING: Said = { edit: null, withholding: null, redacted: null };

/** That something was said about a message, in the message of that number. */
export interface Amended {
  readonly type: "edit" | "redaction" | "reaction";
  readonly target: MessageId;
  readonly seq: number;
}

/**
 * Edits and redactions by the message that they are about, whoever wrote them: whether one counts is known once the message
 * itself is here (SPEC C11, C12). Of each sender's edits of a message only the newest is kept.
 */
export class Amendments {
  readonly #owners: readonly Owner[];
  readonly #said = new Map<MessageId, Map<SenderId, Said>>();

  constructor(owners: readonly Owner[]) {
    this.#owners = owners;
  }

  /** Takes an amendment; returns which message it is about, null for everything else. */
  take({ seq, sender, body }: Pick<RoomMessage, "seq" | "sender" | "body">): MessageId | null {
    if (body.type !== "content") return null;
    const { content } = body;
    if (content.type !== "edit" && content.type !== "redaction" && content.type !== "withholding") return null;
    const bySender = this.#said.get(content.target) ?? new Map<SenderId, Said>();
    const said = bySender.get(sender) ?? NOTHING;
    if (content.type === "edit") {
      const { parts, time } = content;
      if (seq > (said.edit?.seq ?? 0)) bySender.set(sender, { ...said, edit: { seq, parts, time } });
    } else if (content.type === "withholding") {
      const { withheld } = content;
      if (seq > (said.withholding?.seq ?? 0)) bySender.set(sender, { ...said, withholding: { seq, withheld } });
    } else {
      const { first, last } = said.redacted ?? { first: seq, last: seq };
      bySender.set(sender, { ...said, redacted: { first: Math.min(first, seq), last: Math.max(last, seq) } });
    }
    this.#said.set(content.target, bySender);
    return content.target;
  }

  /** Every edit and redaction that is kept, whether it counts or not. */
  *all(): Iterable<Amended> {
    for (const [target, bySender] of this.#said) {
      for (const { edit, redacted } of bySender.values()) {
        if (edit) yield { type: "edit", target, seq: edit.seq };
        if (!redacted) continue;
        yield { type: "redaction", target, seq: redacted.first };
        if (redacted.last > redacted.first) yield { type: "redaction", target, seq: redacted.last };
      }
    }
  }

  /** The message as it is to be shown; itself when nothing counts. */
  apply(message: RoomMessage): RoomMessage {
    const by = this.redactionOf(message);
    if (by) return { ...message, body: { type: "redacted", ...by } };
    const { body } = message;
    if (body.type !== "content" || body.content.type !== "message") return message;
    const { edit, withholding } = this.#said.get(message.id)?.get(message.sender) ?? NOTHING;
    const counts = (said: { seq: number } | null) => said !== null && said.seq > message.seq;
    const content =
      withholding && counts(withholding) ? { ...body.content, withheld: withholding.withheld } : body.content;
    // What was copied is another's words: they are taken away, or left as they are (SPEC O5).
    if (!edit || !counts(edit) || body.copied) {
      return content === body.content ? message : { ...message, body: { ...body, content } };
    }
    const { seq, time, parts } = edit;
    return { ...message, edited: { seq, time }, body: { ...body, content: { ...content, parts } } };
  }

  /** The redaction of a message that counts, the first one; null for none. */
  redactionOf({ id, seq, sender, body }: RoomMessage): { by: "sender" | "owner"; seq: number } | null {
    if (body.type === "content" && isAmendment(body.content.type)) return null;
    const bySender = this.#said.get(id);
    if (!bySender) return null;
    const mine = firstBetween(seq, Number.POSITIVE_INFINITY, bySender.get(sender));
    const owners = this.#byOwner(seq, bySender);
    if (mine === null && owners === null) return null;
    if (mine !== null && (owners === null || mine <= owners)) return { by: "sender", seq: mine };
    return owners === null ? null : { by: "owner", seq: owners };
  }

  /** By who was the owner then. */
  #byOwner(seq: number, bySender: ReadonlyMap<SenderId, Said>): number | null {
    for (const [i, { sender, since }] of this.#owners.entries()) {
      const until = this.#owners[i + 1]?.since?.seq ?? Number.POSITIVE_INFINITY;
      const found = firstBetween(Math.max(seq, since?.seq ?? 0), until, bySender.get(sender));
      if (found !== null) return found;
    }
    return null;
  }
}

/** Whose the chat is from behind a number on. */
export interface Owner {
  readonly sender: SenderId;
  /** Null for who made it. */
  readonly since: Position | null;
}

function isAmendment(type: string): boolean {
  return ["join", "edit", "redaction", "reaction", "withholding", "offering"].includes(type);
}

function firstBetween(after: number, through: number, said: Said | undefined): number | null {
  const { first = 0, last = 0 } = said?.redacted ?? {};
  const counts = (seq: number) => seq > after && seq <= through;
  return counts(first) ? first : counts(last) ? last : null;
}
