import { COLOURS } from "@openmates-share/protocol/content";
import { idBytes, plainLine, type SenderId } from "@openmates-share/protocol/wire";
import { Claims, type Namesakes } from "./namesakes.ts";
import type { Reads } from "./reads.ts";
import type { Person, RoomMessage } from "./room-state.ts";

/** Somebody who goes on typing says so again within this time; a lost "stopped" must not last. Milliseconds. */
const TYPING_LASTS = 6_000;

/** What an owner goes by who has said no name. */
const OWNER = "Owner";

/** More do not come and go while somebody comes in. */
const MOST_HEARD = 1_000;

/** Who is in a room: names from what they signed, presence and typing from the server. */
export class People {
  /** With the number of the message that gives the name. */
  readonly #names = new Map<SenderId, { readonly name: string; readonly seq: number }>();
  readonly #claims = new Claims();
  /** Of those who wrote what a fork copied: they are not here, but are told apart like those who are. */
  readonly #copied = new Claims();
  #both: { readonly here: Namesakes; readonly copied: Namesakes; readonly namesakes: Namesakes } | null = null;
  /** As chosen in joining; with the number of that. */
  readonly #colours = new Map<SenderId, { readonly colour: number | null; readonly seq: number }>();
  /** Models of their own that answer others, with the number of the message that says so; null for none any more. */
  readonly #models = new Map<SenderId, { readonly model: string | null; readonly seq: number }>();
  readonly #lastSpoke = new Map<SenderId, number>();
  readonly #present = new Set<SenderId>();
  /** Who came and went lately. */
  readonly #heard: { readonly sender: SenderId; readonly present: boolean }[] = [];
  readonly #typing = new Map<SenderId, ReturnType<typeof setTimeout>>();
  readonly #changed: () => void;
  readonly #owners: readonly SenderId[];

  /** @param owners whose the chat has been; of one that was never handed over they need not be named */
  constructor(changed: () => void, owners: readonly SenderId[] = []) {
    this.#changed = changed;
    this.#owners = owners;
  }

  learn(messages: readonly RoomMessage[]): void {
    for (const message of messages) {
      this.#learn(message);
      this.#learnModel(message);
    }
  }

  #learnModel({ seq, sender, body }: RoomMessage): void {
    if (body.type !== "content" || body.content.type !== "offering") return;
    if (seq >= (this.#models.get(sender)?.seq ?? 0)) this.#models.set(sender, { model: body.content.model, seq });
  }

  #learn({ seq, sender, body }: RoomMessage): void {
    if (body.type !== "content") return;
    const { content } = body;
    if (content.type !== "message" && content.type !== "join") return;
    // Imported turns carry the names of others than their sender.
    const own = content.type === "join" || (content.role === "user" && !body.copied);
    // Without what turns or hides the words around it.
    const name = plainLine(content.name);
    if (content.type === "join" && seq >= (this.#colours.get(sender)?.seq ?? 0)) {
      this.#colours.set(sender, { colour: content.colour, seq });
    }
    if (own && name) this.#learnName(sender, name, seq);
    if (body.copied && content.type === "message" && content.role === "user" && name) {
      this.#copied.note(body.copied.signer, name, seq);
    }
    if (seq <= (this.#lastSpoke.get(sender) ?? 0)) return;
    this.#lastSpoke.set(sender, seq);
    this.setTyping(sender, false);
  }

  /** Messages come from anywhere in the chat: the newest name counts. */
  #learnName(sender: SenderId, name: string, seq: number): void {
    this.#claims.note(sender, name, seq);
    if (seq >= (this.#names.get(sender)?.seq ?? 0)) this.#names.set(sender, { name, seq });
  }

  nameOf(sender: SenderId): string | null {
    return this.#names.get(sender)?.name ?? null;
  }

  /** What somebody goes by, also without having said a name. */
  called(sender: SenderId, owner: SenderId): string {
    const unnamed = sender === owner ? OWNER : this.#owners.includes(sender) ? "Former owner" : "Guest";
    return this.nameOf(sender) ?? unnamed;
  }

  /** The model of their own that answers others; null for none. */
  modelOf(sender: SenderId): string | null {
    return this.#models.get(sender)?.model ?? null;
  }

  /** As chosen, or else as it follows from the sender id (SPEC C15). */
  colourOf(sender: SenderId): number {
    return this.chosenColourOf(sender) ?? (idBytes(sender)[0] ?? 0) % COLOURS;
  }

  chosenColourOf(sender: SenderId): number | null {
    return this.#colours.get(sender)?.colour ?? null;
  }

  /** Who is here is being asked for: what is heard from now on is newer than the answer. */
  expectPresent(): void {
    this.#heard.length = 0;
  }

  /** The answer, and what was heard since it was asked for. */
  replacePresent(senders: readonly SenderId[]): void {
    this.#present.clear();
    for (const sender of senders) this.#present.add(sender);
    for (const { sender, present } of this.#heard.splice(0)) this.setPresent(sender, present);
  }

  setPresent(sender: SenderId, present: boolean): void {
    this.#heard.push({ sender, present });
    if (this.#heard.length > MOST_HEARD) this.#heard.shift();
    if (present) this.#present.add(sender);
    else this.#present.delete(sender);
    if (!present) this.setTyping(sender, false);
  }

  setTyping(sender: SenderId, typing: boolean): void {
    clearTimeout(this.#typing.get(sender));
    this.#typing.delete(sender);
    if (!typing) return;
    const forget = setTimeout(() => {
      this.#typing.delete(sender);
      this.#changed();
    }, TYPING_LASTS);
    this.#typing.set(sender, forget);
  }

  namesakes(owner: SenderId): Namesakes {
    // Somebody who calls themselves that is told apart from an owner without a name (SPEC H4).
    const here = this.#claims.namesakes(owner, this.nameOf(owner) ?? OWNER);
    const copied = this.#copied.namesakes(owner, null);
    if (this.#both?.here !== here || this.#both.copied !== copied) {
      const of: Namesakes["of"] = (sender, name) => here.of(sender, name) ?? copied.of(sender, name);
      this.#both = { here, copied, namesakes: { of } };
    }
    return this.#both.namesakes;
  }

  /** Everybody who has spoken or is here, the owner first. */
  list(owner: SenderId, reads: Pick<Reads, "of">): readonly Person[] {
    const senders = new Set([owner, ...this.#names.keys(), ...this.#lastSpoke.keys(), ...this.#present]);
    const namesakes = this.namesakes(owner);
    return [...senders].map((sender) => ({
      sender,
      namesake: namesakes.of(sender, this.called(sender, owner)),
      named: this.nameOf(sender) !== null,
      name: this.called(sender, owner),
      colour: this.colourOf(sender),
      owner: sender === owner,
      // Who has written something has seen it.
      readThrough: Math.max(reads.of(sender), this.#lastSpoke.get(sender) ?? 0),
      model: this.modelOf(sender),
      present: this.#present.has(sender),
      typing: this.#typing.has(sender),
    }));
  }

  stop(): void {
    for (const timer of this.#typing.values()) clearTimeout(timer);
    this.#typing.clear();
  }
}
