import type { ChatId, Conversation, ConversationMessage, SecretStore } from "@openmates-share/client";

/** An imported conversation that nobody but this browser has. */
export interface DraftSummary {
  readonly id: string;
  readonly title: string;
  readonly messages: number;
  /** Milliseconds since 1970. */
  readonly importedAt: number;
  /** The chat it became; its text is gone from the drafts then. */
  readonly sharedAs: ChatId | null;
}

export interface Draft extends DraftSummary {
  readonly conversation: Conversation;
}

const PREFIX = "draft/";
const TEXT = "draft-text/";

/** Drafts, kept among the secrets: unread by anyone who copies the browser's files. */
export class Drafts {
  readonly #store: SecretStore;

  constructor(store: SecretStore) {
    this.#store = store;
  }

  /** Newest first, without those that were shared. */
  async list(): Promise<DraftSummary[]> {
    const names = await this.#store.names(PREFIX);
    const all = await Promise.all(names.map((name) => this.#read<DraftSummary>(name)));
    return all
      .flatMap((summary) => (summary && summary.sharedAs === null ? [summary] : []))
      .sort((a, b) => b.importedAt - a.importedAt);
  }

  async add(conversation: Conversation): Promise<DraftSummary> {
    const id = newDraftId();
    const { title, messages } = conversation;
    const summary = { id, title, messages: messages.length, importedAt: Date.now(), sharedAs: null };
    await this.#save(summary, conversation);
    return summary;
  }

  /** Null for a draft that was deleted; `sharedAs` is its chat when it was shared. */
  async find(id: string): Promise<Draft | { readonly sharedAs: ChatId } | null> {
    const summary = await this.#read<DraftSummary>(PREFIX + id);
    if (!summary) return null;
    if (summary.sharedAs) return { sharedAs: summary.sharedAs };
    const messages = await this.#read<ConversationMessage[]>(TEXT + id);
    return messages ? { ...summary, conversation: { title: summary.title, messages } } : null;
  }

  /** The draft has become a chat: its text lives there from now on. */
  async markShared(id: string, chat: ChatId): Promise<void> {
    const summary = await this.#read<DraftSummary>(PREFIX + id);
    if (!summary) return;
    await this.#write(PREFIX + id, { ...summary, sharedAs: chat });
    await this.#store.delete(TEXT + id);
  }

  /** Deletes a draft; returns what puts it back. */
  async remove(id: string): Promise<() => Promise<void>> {
    const draft = await this.find(id);
    await this.#store.delete(PREFIX + id);
    await this.#store.delete(TEXT + id);
    return async () => {
      if (draft && "conversation" in draft) await this.#save(draft, draft.conversation);
    };
  }

  /** The text first: a summary never stands without what it names. */
  async #save(summary: DraftSummary, { messages }: Conversation): Promise<void> {
    const { id, title, importedAt, sharedAs } = summary;
    await this.#write(TEXT + id, messages);
    await this.#write(PREFIX + id, { id, title, messages: messages.length, importedAt, sharedAs });
  }

  /** Only this class writes under these names, and the store refuses altered bytes: the type is what was written. */
  async #read<T>(name: string): Promise<T | null> {
    const bytes = await this.#store.get(name);
    return bytes ? (JSON.parse(new TextDecoder().decode(bytes)) as T) : null;
  }

  async #write(name: string, value: unknown): Promise<void> {
    await this.#store.set(name, new TextEncoder().encode(JSON.stringify(value)));
  }
}

function newDraftId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}
