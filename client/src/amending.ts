import { isEmoji, textParts } from "@openmates-share/protocol/content";
import { type EmbedId, LIMITS, type MessageId, newId } from "@openmates-share/protocol/wire";
import { Erasing, embedsOf } from "./erasing.ts";
import { ClientError } from "./errors.ts";
import type { Outbox } from "./outbox.ts";
import { sameEmoji } from "./reactions.ts";
import type { RoomInside } from "./room-inside.ts";
import type { Reaction, RoomMessage } from "./room-state.ts";

/** What a person changes about messages that are stored: says them otherwise, or takes them back. */
export class Amending {
  readonly #room: RoomInside;
  readonly #outbox: Outbox;
  readonly #erasing: Erasing;

  constructor(room: RoomInside, outbox: Outbox) {
    this.#room = room;
    this.#outbox = outbox;
    const { setup, transcript } = room;
    this.#erasing = new Erasing({
      store: setup.unsent,
      chat: transcript.chat,
      erase: setup.erase,
      readAll: () => room.readAll(),
    });
  }

  /**
   * Says something else in the place of a message of one's own; what was attached to it stays, except those embeds that it
   * is to be without. Resolves when that is stored.
   * It is no mention, whatever it says (R9). @throws ClientError `not_allowed`, `bad_request`, and as `send`
   */
  async edit(target: MessageId, text: string, options: { without?: readonly EmbedId[] } = {}): Promise<void> {
    this.#room.requireWriter();
    // What is here is not waited for: what one writes goes out in the order in which one wrote it.
    const { body, sender } = this.#atHand(target) ?? (await this.#bring(target));
    if (sender !== this.#me) throw notAmendable();
    if (body.type !== "content" || body.content.type !== "message" || body.copied) throw notAmendable();
    const { without = [] } = options;
    const attached = body.content.parts.filter(
      (part) => (part.type === "image" || part.type === "file") && !(part.embed && without.includes(part.embed.id)),
    );
    const parts = [...(text === "" && attached.length > 0 ? [] : textParts(text)), ...attached];
    await this.#outbox.add({ type: "edit", target, parts, time: Date.now() });
  }

  /**
   * Takes a message of one's own back, or as the owner removes anybody's, and has the server erase what it stored of it, with
   * the files that stand in no other message.
   * Resolves when that is stored. @throws ClientError `not_allowed`, and as `send`
   */
  async redact(target: MessageId): Promise<void> {
    this.#room.requireWriter();
    const message = this.#atHand(target) ?? (await this.#bring(target));
    const { body, sender } = message;
    if (sender !== this.#me && this.#room.role !== "owner") throw notAmendable();
    if (body.type === "redacted") return;
    const amendment = newId<MessageId>();
    // Should it be refused, the server erases nothing.
    await this.#erasing.note({ message: target, amendment, embeds: embedsOf(message) });
    await this.#outbox.add({ type: "redaction", target, time: Date.now() }, amendment);
    await this.eraseAll();
  }

  /**
   * Puts an emoji to a message, or takes it away: shown at once, and the last word counts. Resolves when that is stored, or
   * when a later word has taken its place. @throws ClientError `bad_request`, `not_allowed`, `too_large`, and as `send`
   */
  async react(target: MessageId, emoji: string, on: boolean): Promise<void> {
    this.#room.requireWriter();
    if (!isEmoji(emoji)) throw new ClientError("bad_request", "A reaction is one emoji.");
    const { body, seq } = this.#atHand(target) ?? (await this.#bring(target));
    const { reactions } = this.#room.transcript;
    const changes = body.type === "content" && body.content.type !== "message" && body.content.type !== "unknown";
    if (body.type === "redacted" || changes) throw notAmendable();
    this.#outbox.withdraw((draft) => draft.type === "reaction" && isSame(draft, { target, emoji }));
    const there = reactions.of(target, { seq, me: this.#me });
    const same = there.find((one) => sameEmoji(one.emoji) === sameEmoji(emoji));
    if ((same?.mine ?? false) === on) return;
    if (on) requireRoomFor(there, same);
    await this.#outbox.add({ type: "reaction", target, emoji: same?.emoji ?? emoji, on, time: Date.now() });
  }

  /**
   * Says whether a message of one's own may go to models, from now on: here at once, for others when it is stored. Resolves
   * then. @throws ClientError `not_allowed`, and as `send`
   */
  async withhold(target: MessageId, withheld: boolean): Promise<void> {
    this.#room.requireWriter();
    const { body, sender } = this.#atHand(target) ?? (await this.#bring(target));
    if (sender !== this.#me || body.type !== "content" || body.content.type !== "message") throw notAmendable();
    this.#outbox.withdraw((draft) => draft.type === "withholding" && draft.target === target);
    await this.#outbox.add({ type: "withholding", target, withheld, time: Date.now() });
  }

  /** The redaction is what counts, and is stored: that the bytes go as well may take until the line is back. */
  eraseAll(): Promise<void> {
    return this.#erasing.run((amendment) => !this.#outbox.waitsWith(amendment));
  }

  get #me(): RoomMessage["sender"] {
    return this.#room.setup.identity.sender;
  }

  #atHand(id: MessageId): RoomMessage | undefined {
    const { transcript } = this.#room;
    return transcript.at(transcript.seqOf(id) ?? 0);
  }

  async #bring(id: MessageId): Promise<RoomMessage> {
    const message = await this.#room.find(id);
    if (!message) throw notAmendable();
    return message;
  }
}

function isSame(one: { target: MessageId; emoji: string }, other: { target: MessageId; emoji: string }): boolean {
  return one.target === other.target && sameEmoji(one.emoji) === sameEmoji(other.emoji);
}

/** @throws ClientError `too_large` */
function requireRoomFor(there: readonly Reaction[], same: Reaction | undefined): void {
  const mine = there.filter((reaction) => reaction.mine).length;
  if (mine < LIMITS.reactions && (same || there.length < LIMITS.reactionKinds)) return;
  throw new ClientError("too_large", "This message has as many reactions as it can take.");
}

function notAmendable(): ClientError {
  return new ClientError("not_allowed", "This message can't be changed by you.");
}
