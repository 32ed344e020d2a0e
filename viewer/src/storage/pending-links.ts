import { appUrl, type ChatId, parseShareUrl, type SecretStore, type ShareLink } from "@openmates-share/client";

const PREFIX = "pending-link/";

/**
 * Links whose key has left the address bar while the chat has not opened yet (a password is asked, the server is
 * down): without this, a reload would lose the key.
 */
export class PendingLinks {
  readonly #store: SecretStore;

  constructor(store: SecretStore) {
    this.#store = store;
  }

  async keep(chat: ChatId, link: ShareLink): Promise<void> {
    await this.#store.set(PREFIX + chat, new TextEncoder().encode(appUrl("https://kept.invalid", link)));
  }

  async find(chat: ChatId): Promise<ShareLink | null> {
    const bytes = await this.#store.get(PREFIX + chat);
    return bytes ? parseShareUrl(new TextDecoder().decode(bytes)) : null;
  }

  async drop(chat: ChatId): Promise<void> {
    await this.#store.delete(PREFIX + chat);
  }
}
