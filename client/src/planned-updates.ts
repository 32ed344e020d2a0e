import type { ChatId, Position } from "@openmates-share/protocol/wire";
import type { Device } from "./device.ts";
import { ClientError } from "./errors.ts";
import type { OwnedChats } from "./owned-chats.ts";

/** How long an update can be undone: readers must not have seen what is taken back. Milliseconds. */
const UNDO_FOR = 10_000;
/** Pause before one that could not be sent is tried again. Milliseconds. */
const RETRY_PAUSE = 5_000;

/** An update that has not gone out yet. */
export interface PlannedUpdate {
  /** The last message that readers will see. */
  readonly through: number;
  /** When it goes out, milliseconds since 1970. */
  readonly due: number;
}

/**
 * Updates of the shared part wait on the device until nobody can want them back any more: the server, and with it every
 * reader, hears of them only then. They are kept, so that closing the page undoes nothing: the next start sends them.
 */
export class PlannedUpdates {
  readonly #device: Device;
  readonly #owned: OwnedChats;
  readonly #timers = new Map<ChatId, ReturnType<typeof setTimeout>>();
  readonly #onSent: (chat: ChatId) => void;
  #stopped = false;

  constructor(setup: { device: Device; owned: OwnedChats; onSent: (chat: ChatId) => void }) {
    this.#device = setup.device;
    this.#owned = setup.owned;
    this.#onSent = setup.onSent;
  }

  /** `at` is verified; a plan that was there is replaced by this further one. */
  async plan(chat: ChatId, { at, title }: { at: Position; title: string }): Promise<PlannedUpdate> {
    const due = Date.now() + UNDO_FOR;
    await this.#device.changeRecord(chat, (now) => ({
      ...now,
      update: { at: { seq: at.seq, head: at.head }, title, due },
    }));
    this.#wait(chat, due);
    return { through: at.seq, due };
  }

  async planned(chat: ChatId): Promise<PlannedUpdate | null> {
    const update = (await this.#device.keyring.chat(chat))?.update;
    return update ? { through: update.at.seq, due: Date.now() + leftUntil(update.due) } : null;
  }

  /** False when it has gone out already. */
  async undo(chat: ChatId): Promise<boolean> {
    clearTimeout(this.#timers.get(chat));
    this.#timers.delete(chat);
    return this.#alone(chat, async () => {
      if (!(await this.planned(chat))) return false;
      await this.#clear(chat);
      return true;
    });
  }

  /** Waits for what another window, or one that was closed, has planned. */
  async resume(): Promise<void> {
    for (const { chat, update } of await this.#device.keyring.records()) if (update) this.#wait(chat, update.due);
  }

  stop(): void {
    this.#stopped = true;
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }

  #wait(chat: ChatId, due: number): void {
    if (this.#stopped) return;
    clearTimeout(this.#timers.get(chat));
    this.#timers.set(
      chat,
      setTimeout(() => void this.#send(chat), leftUntil(due)),
    );
  }

  async #send(chat: ChatId): Promise<void> {
    try {
      const sent = await this.#alone(chat, () => this.#sendIfDue(chat));
      if (sent) this.#onSent(chat);
    } catch (error) {
      if (error instanceof ClientError && error.retryable) this.#wait(chat, Date.now() + RETRY_PAUSE);
      // The chat was deleted, or another device has shared more: there is nothing left to send.
      else await this.#clear(chat).catch(() => undefined);
    }
  }

  /** Sent twice, after a crash in between, it is the same update. */
  async #sendIfDue(chat: ChatId): Promise<boolean> {
    const update = (await this.#device.keyring.chat(chat))?.update;
    if (!update || this.#stopped) return false;
    // One that is due later than any update can be was planned before the clock was set back: it has been waited for.
    if (update.due > Date.now() && update.due <= Date.now() + UNDO_FOR) {
      this.#wait(chat, update.due);
      return false;
    }
    await this.#owned.seal({ chat, title: update.title, end: update.at });
    await this.#clear(chat);
    return true;
  }

  #clear(chat: ChatId): Promise<void> {
    return this.#device.changeRecord(chat, (now) => ({ ...now, update: null }));
  }

  #alone<T>(chat: ChatId, work: () => Promise<T>): Promise<T> {
    return this.#device.keyring.exclusively(`update/${chat}`, work);
  }
}

/** Milliseconds; a clock that was set back meanwhile makes nobody wait for longer. */
function leftUntil(due: number): number {
  return Math.min(Math.max(due - Date.now(), 0), UNDO_FOR);
}
