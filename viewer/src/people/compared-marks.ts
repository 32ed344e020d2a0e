import type { Compared, Person, Safety, SenderId, ShareClient } from "@openmates-share/client";
import { type ReadonlySignal, signal } from "@preact/signals";

/** With whom a person has compared safety numbers on this device, as the screen shows it. */
export class ComparedMarks {
  readonly me: SenderId;
  readonly safety: Safety;
  readonly #compared = signal<Compared>(new Map());

  private constructor(me: SenderId, safety: Safety) {
    this.me = me;
    this.safety = safety;
  }

  static async of(client: ShareClient, me: SenderId): Promise<ComparedMarks> {
    const marks = new ComparedMarks(me, await client.safety());
    await marks.#load();
    return marks;
  }

  get compared(): ReadonlySignal<Compared> {
    return this.#compared;
  }

  /** Whether somebody else of that name was compared, and this one was not. */
  hasComparedNamesake({ sender, namesake }: Person): boolean {
    const { value } = this.#compared;
    return !value.has(sender) && (namesake?.all.some((other) => value.has(other)) ?? false);
  }

  async mark(them: SenderId): Promise<void> {
    await this.safety.mark(this.me, them);
    await this.#load();
  }

  async unmark(them: SenderId): Promise<void> {
    await this.safety.unmark(this.me, them);
    await this.#load();
  }

  async #load(): Promise<void> {
    this.#compared.value = await this.safety.compared(this.me);
  }
}
