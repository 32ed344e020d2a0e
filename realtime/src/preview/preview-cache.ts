import type { ChatId, Preview } from "@openmates-share/protocol/wire";
import type { Revocations } from "../access/revocations.ts";

interface Loaded {
  readonly preview: Preview | null;
  /** When the chat stops being shared by itself, milliseconds since 1970; null for never. */
  readonly until: number | null;
}

const SIZE = 5_000;
/** Without word from other nodes (no Redis) a card is stale for this long at most, in milliseconds. */
const AGE = 60_000;

/** Cards of the last chats asked for, emptied by whatever changes who may see them. Chats without a card count alike. */
export class PreviewCache {
  readonly #cards = new Map<ChatId, { readonly preview: Preview | null; readonly until: number }>();
  /** Loads under way: a card that changes while it is loaded must not be kept. */
  readonly #loading = new Map<ChatId, Promise<Loaded>>();
  readonly #stop: () => void;

  constructor({ revocations }: { revocations: Revocations }) {
    this.#stop = revocations.subscribe(({ chat }) => {
      this.#cards.delete(chat);
      this.#loading.delete(chat);
    });
  }

  async get(chat: ChatId, load: () => Promise<Loaded>): Promise<Preview | null> {
    const card = this.#cards.get(chat);
    if (card && Date.now() < card.until) return card.preview;
    const { preview } = await (this.#loading.get(chat) ?? this.#load(chat, load));
    return preview;
  }

  stop(): void {
    this.#stop();
    this.#cards.clear();
  }

  async #load(chat: ChatId, load: () => Promise<Loaded>): Promise<Loaded> {
    const running = load();
    this.#loading.set(chat, running);
    const unchanged = () => this.#loading.get(chat) === running;
    try {
      const loaded = await running;
      if (unchanged()) this.#remember(chat, loaded);
      return loaded;
    } finally {
      if (unchanged()) this.#loading.delete(chat);
    }
  }

  #remember(chat: ChatId, { preview, until }: Loaded): void {
    for (const oldest of this.#cards.keys()) {
      if (this.#cards.size < SIZE) break;
      this.#cards.delete(oldest);
    }
    this.#cards.delete(chat);
    this.#cards.set(chat, { preview, until: Math.min(Date.now() + AGE, until ?? Number.POSITIVE_INFINITY) });
  }
}
