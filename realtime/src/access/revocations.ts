import type { ChatId, EmbedId, LinkId, SenderId } from "@openmates-share/protocol/wire";

/** What changed about who may see what. */
export type Revocation =
  /** The link is dead, and so is the membership of everybody who joined by it. */
  | { readonly type: "link-revoked"; readonly chat: ChatId; readonly link: LinkId }
  /** The owner took this person out of the chat. */
  | { readonly type: "member-removed"; readonly chat: ChatId; readonly sender: SenderId }
  /** A link gives other rights than before; the gate knows which. */
  | { readonly type: "link-changed"; readonly chat: ChatId; readonly link: LinkId }
  | { readonly type: "chat-deleted"; readonly chat: ChatId }
  /** The cut-off moved and readers may see more, or the chat was closed to writing or opened again: the database tells. */
  | { readonly type: "chat-changed"; readonly chat: ChatId }
  /** The public card was set or removed; caches of it are stale. */
  | { readonly type: "preview-changed"; readonly chat: ChatId }
  /** The public card of an embed is another or gone, or the last link to it; null when that may be so of any. */
  | { readonly type: "embed-changed"; readonly embed: EmbedId | null };

/** `here`: this process did it and the other nodes do not know yet. `elsewhere`: another node told us. */
export type Origin = "here" | "elsewhere";

export type RevocationListener = (revocation: Revocation, origin: Origin) => void;

/** In-process events about access. Use cases publish what they have committed; caches, sockets and the fan-out listen. */
export class Revocations {
  readonly #listeners = new Set<RevocationListener>();

  /** Returns the function that ends it. A listener must not throw. */
  subscribe(listener: RevocationListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  publish(revocation: Revocation, origin: Origin = "here"): void {
    for (const listener of [...this.#listeners]) listener(revocation, origin);
  }
}
