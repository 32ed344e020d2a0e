import { lookOf } from "@openmates-share/protocol/content";
import type { SenderId } from "@openmates-share/protocol/wire";

/** Which of several people of one name somebody is. */
export interface Namesake {
  /** From 1: the owner, then who bore the name first. */
  readonly place: number;
  /** All of them, in that order. */
  readonly all: readonly SenderId[];
}

/** Tells people apart who go by one name, or by names that look the same (SPEC H4). */
export interface Namesakes {
  /** Null for a name that nobody else bears or has borne. */
  of(sender: SenderId, name: string): Namesake | null;
}

/** Who has borne which name, and from which message on. */
export class Claims {
  readonly #byLook = new Map<string, Map<SenderId, number>>();
  #version = 0;
  #made: { readonly version: number; readonly ownerLook: string | null; readonly namesakes: Namesakes } | null = null;

  note(sender: SenderId, name: string, seq: number): void {
    const look = lookOf(name);
    const bearers = this.#byLook.get(look) ?? new Map<SenderId, number>();
    const known = bearers.get(sender);
    if (known !== undefined && known <= seq) return;
    this.#byLook.set(look, bearers.set(sender, seq));
    this.#version++;
  }

  /** The same value until somebody bears a name that they did not. `ownerName` is what the owner goes by. */
  namesakes(owner: SenderId, ownerName: string | null): Namesakes {
    const ownerLook = ownerName === null ? null : lookOf(ownerName);
    const version = this.#version;
    if (this.#made?.version === version && this.#made.ownerLook === ownerLook) return this.#made.namesakes;
    const namesakes: Namesakes = {
      of: (sender, name) => {
        const look = lookOf(name);
        const all = this.#bearersOf(look, { owner, ownerLook });
        const place = all.indexOf(sender) + 1;
        return all.length > 1 && place > 0 ? { place, all } : null;
      },
    };
    this.#made = { version, ownerLook, namesakes };
    return namesakes;
  }

  /** Messages that an owner brought in bear the names of others; only what the owner goes by counts. */
  #bearersOf(look: string, { owner, ownerLook }: { owner: SenderId; ownerLook: string | null }): SenderId[] {
    const others = [...(this.#byLook.get(look) ?? [])].filter(([sender]) => sender !== owner);
    const inOrder = others.sort(([, a], [, b]) => a - b).map(([sender]) => sender);
    return look === ownerLook ? [owner, ...inOrder] : inOrder;
  }
}
