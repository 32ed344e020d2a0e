import { type ChatId, type EmbedId, LIMITS, type MessageId } from "@openmates-share/protocol/wire";
import { ClientError } from "./errors.ts";
import { ERASING } from "./keyring.ts";
import { pack, unpack } from "./msgpack.ts";
import type { Erasure } from "./owner-api.ts";
import type { RoomMessage } from "./room-state.ts";
import type { SecretStore } from "./secret-store.ts";

/**
 * What of one chat was taken back and is to be erased on the server. It is kept on the device until that is done, so that
 * neither a line that broke nor a page that was closed leaves it lying there.
 */
export class Erasing {
  readonly #store: SecretStore;
  readonly #prefix: string;
  readonly #erase: (erasure: Erasure) => Promise<void>;
  readonly #readAll: () => AsyncIterable<readonly RoomMessage[]>;
  #turn: Promise<void> = Promise.resolve();

  constructor(options: {
    store: SecretStore;
    chat: ChatId;
    erase: (erasure: Erasure) => Promise<void>;
    readAll: () => AsyncIterable<readonly RoomMessage[]>;
  }) {
    this.#store = options.store;
    this.#prefix = `${ERASING}${options.chat}/`;
    this.#erase = options.erase;
    this.#readAll = options.readAll;
  }

  /** Before the amendment is sent: of what is noted too late nothing would be known after a crash. */
  async note({ message, amendment, embeds }: Erasure): Promise<void> {
    await this.#store.set(this.#prefix + message, pack({ amendment, embeds }));
  }

  /** Erases what is noted and whose amendment is `stored`; what can't be reached waits for the next time. */
  run(stored: (amendment: MessageId) => boolean): Promise<void> {
    const done = this.#turn.then(() => this.#eraseAll(stored));
    this.#turn = done.catch(() => undefined);
    return done;
  }

  async #eraseAll(stored: (amendment: MessageId) => boolean): Promise<void> {
    for (const name of await this.#store.names(this.#prefix)) {
      const bytes = await this.#store.get(name);
      if (!bytes) continue;
      // Only this class writes under these names, and stores refuse altered bytes: it is what was written.
      const { amendment, embeds } = unpack(bytes) as Omit<Erasure, "message">;
      const message = name.slice(this.#prefix.length) as MessageId;
      if (stored(amendment) && (await this.#eraseOne({ message, amendment, embeds }))) await this.#store.delete(name);
    }
  }

  /** False when it is to be tried again. */
  async #eraseOne({ message, amendment, embeds }: Erasure): Promise<boolean> {
    try {
      // The message first: looking for the files elsewhere may take a while.
      await this.#erase({ message, amendment, embeds: [] });
      const unused = await this.#unused(embeds);
      for (let from = 0; from < unused.length; from += LIMITS.erasedEmbeds) {
        await this.#erase({ message, amendment, embeds: unused.slice(from, from + LIMITS.erasedEmbeds) });
      }
      return true;
    } catch (error) {
      if (!(error instanceof ClientError)) throw error;
      return !error.retryable && error.code !== "aborted";
    }
  }

  /** Those that stand in no message any more: the same picture may have stood in several. */
  async #unused(embeds: readonly EmbedId[]): Promise<readonly EmbedId[]> {
    const unused = new Set(embeds);
    if (unused.size === 0) return [];
    for await (const page of this.#readAll()) {
      for (const message of page) for (const embed of embedsOf(message)) unused.delete(embed);
    }
    return [...unused];
  }
}

export function embedsOf({ body }: RoomMessage): EmbedId[] {
  if (body.type !== "content" || body.content.type !== "message") return [];
  return body.content.parts.flatMap((part) =>
    (part.type === "image" || part.type === "file") && part.embed ? [part.embed.id] : [],
  );
}
