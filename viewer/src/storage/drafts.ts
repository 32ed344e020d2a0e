import type { ChatId, Conversation, ConversationMessage, DraftPart, SecretStore } from "@openmates-share/client";
import type { BranchId, BranchSummary } from "@openmates-share/importers";

/** An imported conversation that nobody but this browser has. */
export interface DraftSummary {
  readonly id: string;
  readonly title: string;
  readonly messages: number;
  /** Milliseconds since 1970. */
  readonly importedAt: number;
  /** The chat it became; its text is gone from the drafts then. */
  readonly sharedAs: ChatId | null;
  readonly branches: readonly BranchSummary[];
}

/** Another version of the conversation, with the messages that only it has: those behind `after`. */
export interface DraftBranch extends BranchSummary {
  readonly messages: readonly ConversationMessage[];
}

export interface Draft extends DraftSummary {
  /** As it was on screen; what is left out or masked when it is shared stays here. */
  readonly conversation: Conversation;
  readonly choices: DraftChoices;
  /** Names of the images and files that are there; the others are named in the conversation alone. */
  readonly files: ReadonlySet<string>;
}

/** What of a draft is shared, as its owner decided so far. */
export interface DraftChoices {
  readonly branch: BranchId | null;
  /** Numbers of messages that are left out, from 0, of the branch chosen. */
  readonly leftOut: readonly number[];
  /** Values that are masked wherever they stand. */
  readonly masked: readonly string[];
}

const NO_CHOICES: DraftChoices = { branch: null, leftOut: [], masked: [] };

const PREFIX = "draft/";
const TEXT = "draft-text/";
const BRANCH = "draft-branch/";
const CHOICES = "draft-choices/";
const FILE = "draft-file/";
/** UTF-16 units: a longer name of a file is the file itself, in base64. It is kept as a file and not as a name. */
const LONGEST_SOURCE = 300;

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

  /** Keeps a conversation with its images and files, while what it was imported from is at hand. */
  async add(conversation: Conversation, branches: readonly DraftBranch[] = []): Promise<DraftSummary> {
    const { title, messages } = conversation;
    const summary: DraftSummary = {
      id: newDraftId(),
      title,
      messages: messages.length,
      importedAt: Date.now(),
      sharedAs: null,
      branches: branches.map(({ messages: _, ...branch }) => branch),
    };
    const names = new SourceNames();
    const named = (all: readonly ConversationMessage[]) => all.map((message) => names.shortIn(message));
    for (const branch of branches) await this.#write(BRANCH + summary.id + branch.id, named(branch.messages));
    await this.#write(TEXT + summary.id, named(messages));
    await this.#keepFiles(summary.id, names, conversation);
    // Last: a summary never stands without what it names.
    await this.#write(PREFIX + summary.id, summary);
    return summary;
  }

  /** Null for a draft that was deleted; `sharedAs` is its chat when it was shared. */
  async find(id: string): Promise<Draft | { readonly sharedAs: ChatId } | null> {
    const summary = await this.#read<DraftSummary>(PREFIX + id);
    if (!summary) return null;
    if (summary.sharedAs) return { sharedAs: summary.sharedAs };
    const messages = await this.#read<ConversationMessage[]>(TEXT + id);
    if (!messages) return null;
    const choices = (await this.#read<DraftChoices>(CHOICES + id)) ?? NO_CHOICES;
    const conversation = { title: summary.title, messages, attachment: this.attachment(id) };
    const files = new Set((await this.#store.names(FILE + id)).map((name) => name.slice(FILE.length + id.length)));
    // Drafts of earlier versions know no branches.
    return { ...summary, branches: summary.branches ?? [], conversation, choices, files };
  }

  /** What only this version of the conversation has. */
  async branchMessages(id: string, branch: BranchId): Promise<readonly ConversationMessage[]> {
    return (await this.#read<ConversationMessage[]>(BRANCH + id + branch)) ?? [];
  }

  async choose(id: string, choices: DraftChoices): Promise<void> {
    await this.#write(CHOICES + id, choices);
  }

  /** The way to the files of a draft. */
  attachment(id: string): (source: string) => Promise<Blob | null> {
    return async (source) => {
      const bytes = await this.#store.get(FILE + id + source);
      return bytes && new Blob([new Uint8Array(bytes)]);
    };
  }

  /** The draft has become a chat: its text lives there from now on. */
  async markShared(id: string, chat: ChatId): Promise<void> {
    const summary = await this.#read<DraftSummary>(PREFIX + id);
    if (!summary) return;
    await this.#write(PREFIX + id, { ...summary, sharedAs: chat });
    await this.#dropContent(id);
  }

  /** Deletes a draft; returns what puts it back. */
  async remove(id: string): Promise<() => Promise<void>> {
    const names = [...(await this.#contentNames(id)), PREFIX + id];
    const kept = await Promise.all(names.map(async (name) => ({ name, bytes: await this.#store.get(name) })));
    // The summary first, and back as the last: it never stands without what it names.
    for (const name of names.toReversed()) await this.#store.delete(name);
    return async () => {
      for (const { name, bytes } of kept) if (bytes) await this.#store.set(name, bytes);
    };
  }

  async #keepFiles(id: string, names: SourceNames, { attachment }: Pick<Conversation, "attachment">): Promise<void> {
    for (const [source, name] of names.all) {
      // One that is damaged or too large is missing, and does not take the conversation with it.
      const blob = await attachment?.(source).catch(() => null);
      if (blob) await this.#store.set(FILE + id + name, new Uint8Array(await blob.arrayBuffer()));
    }
  }

  async #dropContent(id: string): Promise<void> {
    for (const name of await this.#contentNames(id)) await this.#store.delete(name);
  }

  async #contentNames(id: string): Promise<string[]> {
    const names = await Promise.all([TEXT, BRANCH, CHOICES, FILE].map((prefix) => this.#store.names(prefix + id)));
    return names.flat();
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

/** What a draft calls the files that its messages name. */
class SourceNames {
  readonly #names = new Map<string, string>();

  /** Sources as the importer has them, with the names that the draft has for them. */
  get all(): ReadonlyMap<string, string> {
    return this.#names;
  }

  shortIn(message: ConversationMessage): ConversationMessage {
    return { ...message, parts: message.parts.map((part) => this.#short(part)) };
  }

  #short(part: DraftPart): DraftPart {
    if ((part.type !== "image" && part.type !== "file") || part.source === null) return part;
    return { ...part, source: this.#nameOf(part.source) };
  }

  #nameOf(source: string): string {
    const known = this.#names.get(source);
    if (known !== undefined) return known;
    const name = source.length > LONGEST_SOURCE ? `data:${this.#names.size}` : source;
    this.#names.set(source, name);
    return name;
  }
}

function newDraftId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}
