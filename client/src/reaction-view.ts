import type { MessageId, SenderId } from "@openmates-share/protocol/wire";
import type { Reaction, ReactionView } from "./room-state.ts";
import type { Transcript } from "./transcript.ts";

const NONE: readonly Reaction[] = [];

/** The reactions of a chat as a value for screens: another one whenever something about them has changed. */
export class ReactionViews {
  readonly #transcript: Transcript;
  #version = -1;
  #view: ReactionView = { of: () => NONE };

  constructor(transcript: Transcript) {
    this.#transcript = transcript;
  }

  /** `me` is null for whoever only reads. */
  now(me: SenderId | null): ReactionView {
    const { version } = this.#transcript.reactions;
    if (version !== this.#version) this.#view = { of: (message) => this.#of(message, me) };
    this.#version = version;
    return this.#view;
  }

  #of(named: number | MessageId, me: SenderId | null): readonly Reaction[] {
    const { reactions } = this.#transcript;
    const seq = typeof named === "number" ? named : this.#transcript.seqOf(named);
    const message = seq === null ? undefined : this.#transcript.at(seq);
    const id = message?.id ?? (typeof named === "string" ? named : null);
    if (seq === null || id === null || message?.body.type === "redacted") return NONE;
    return reactions.of(id, { seq, me });
  }
}
