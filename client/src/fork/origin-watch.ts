import type { SenderId } from "@openmates-share/protocol/wire";
import type { MessageOpener } from "../opener.ts";
import type { RoomMessage } from "../room-state.ts";
import type { Ancestry } from "./ancestry-state.ts";

/** Collects what a chat's owner says, in its first amendments, of where it came from; the rest is loaded for forks alone. */
export class OriginWatch {
  readonly #owner: SenderId;
  #origin: unknown = null;
  readonly #lineages = new Map<number, unknown>();
  ancestry: Ancestry | null = null;

  constructor(owner: SenderId) {
    this.#owner = owner;
  }

  /** Whether it says to be a fork, and it is not known yet what of that is true. */
  get pending(): boolean {
    return this.#origin !== null && this.ancestry === null;
  }

  learn(messages: readonly RoomMessage[]): void {
    if (this.ancestry) return;
    for (const { seq, sender, body } of messages) {
      if (sender !== this.#owner || body.type !== "content" || body.content.type !== "unknown") continue;
      const { named, json } = body.content;
      if (named === "origin" && seq === 1) this.#origin = json;
      if (named === "lineage") this.#lineages.set(seq, json);
    }
  }

  /** To be called when all amendments are here. */
  async read(heads: MessageOpener["heads"]): Promise<void> {
    if (!this.#origin || this.ancestry) return;
    const lineages: unknown[] = [];
    // They follow the origin one by one: what comes later is not of it.
    for (let seq = 2; this.#lineages.has(seq); seq++) lineages.push(this.#lineages.get(seq));
    const { readAncestry } = await import("./ancestry.ts");
    this.ancestry = await readAncestry({ origin: this.#origin, lineages, owner: this.#owner }, heads);
  }
}
