import {
  appUrl,
  type ChatId,
  type EmbedId,
  parseShareUrl,
  type SecretStore,
  type ShareLink,
} from "@openmates-share/client";

const PREFIX = "pending-link/";

/**
 * Links whose key has left the address bar while what they share has not opened yet (a password is asked, the server is
 * down): without this, a reload would lose the key.
 */
export class PendingLinks {
  readonly #store: SecretStore;

  constructor(store: SecretStore) {
    this.#store = store;
  }

  async keep(subject: ChatId | EmbedId, link: ShareLink): Promise<void> {
    await this.#store.set(PREFIX + subject, new TextEncoder().encode(appUrl("https://kept.invalid", link)));
  }

  async find(subject: ChatId | EmbedId): Promise<ShareLink | null> {
    const bytes = await this.#store.get(PREFIX + subject);
    return bytes ? parseShareUrl(new TextDecoder().decode(bytes)) : null;
  }

  async drop(subject: ChatId | EmbedId): Promise<void> {
    await this.#store.delete(PREFIX + subject);
  }
}
