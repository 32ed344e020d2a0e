import type { Conversation, ConversationMessage } from "@openmates-share/client";
import type { FoundSecret } from "@openmates-share/importers";
import { computed, type ReadonlySignal, signal } from "@preact/signals";
import type { DraftFiles } from "../embed/draft-files.ts";
import type { Draft, DraftChoices, Drafts } from "../storage/drafts.ts";

export type Findings =
  | { readonly state: "looking" }
  | { readonly state: "found"; readonly secrets: readonly FoundSecret[] }
  /** It could not be looked, which takes nothing away. */
  | { readonly state: "failed" };

/** A draft on the screen: what it says, and what its owner decides to share of it. */
export class DraftModel {
  readonly draft: Draft;
  readonly #drafts: Drafts;
  readonly #choices;
  readonly #messages;
  readonly #masked;
  readonly #findings = signal<Findings>({ state: "looking" });
  /** What came last wins; what is still being made for an earlier choice is dropped. */
  #turn = 0;

  /** With what is masked; the messages of the branch that was chosen, also those that are left out. */
  readonly shown: ReadonlySignal<readonly ConversationMessage[]>;
  readonly leftOut: ReadonlySignal<ReadonlySet<number>>;
  readonly files: DraftFiles;
  /** How many messages are shared. */
  readonly sharedCount: ReadonlySignal<number>;

  private constructor(draft: Draft, setup: { drafts: Drafts; messages: readonly ConversationMessage[] }) {
    this.draft = draft;
    this.files = { names: draft.files, read: setup.drafts.attachment(draft.id) };
    this.#drafts = setup.drafts;
    this.#choices = signal(draft.choices);
    this.#messages = signal(setup.messages);
    this.#masked = signal<Conversation | null>(null);
    this.shown = computed(() => this.#masked.value?.messages ?? this.#messages.value);
    this.leftOut = computed(() => new Set(this.#choices.value.leftOut));
    this.sharedCount = computed(() => this.#messages.value.length - this.leftOut.value.size);
  }

  static async load(draft: Draft, drafts: Drafts): Promise<DraftModel> {
    const messages = await messagesAlong(draft, { drafts, branch: draft.choices.branch });
    const model = new DraftModel(draft, { drafts, messages });
    void model.#look();
    return model;
  }

  get choices(): ReadonlySignal<DraftChoices> {
    return this.#choices;
  }

  get findings(): ReadonlySignal<Findings> {
    return this.#findings;
  }

  get title(): string {
    return this.#masked.value?.title ?? this.draft.title;
  }

  /** What is shared: without what is left out, and with masks. */
  shared(): Conversation {
    const { attachment } = this.draft.conversation;
    const messages = this.shown.value.filter((_, index) => !this.leftOut.value.has(index));
    return { title: this.title, messages, ...(attachment ? { attachment } : {}) };
  }

  async chooseBranch(branch: string | null): Promise<void> {
    if (branch === this.#choices.value.branch) return;
    const messages = await messagesAlong(this.draft, { drafts: this.#drafts, branch });
    const after = this.#commonLength(branch);
    this.#messages.value = messages;
    // What both begin with stays left out.
    const leftOut = this.#choices.value.leftOut.filter((index) => index < after);
    await this.#choose({ ...this.#choices.value, branch, leftOut });
    await this.#look();
  }

  async leaveOut(range: { from: number; to: number }, out: boolean): Promise<void> {
    const left = new Set(this.#choices.value.leftOut);
    for (let index = range.from; index <= range.to; index++) {
      if (out) left.add(index);
      else left.delete(index);
    }
    await this.#choose({ ...this.#choices.value, leftOut: [...left].sort((a, b) => a - b) });
  }

  async mask(values: readonly string[]): Promise<void> {
    await this.#choose({ ...this.#choices.value, masked: values });
    await this.#makeMasks();
  }

  async #choose(choices: DraftChoices): Promise<void> {
    this.#choices.value = choices;
    await this.#drafts.choose(this.draft.id, choices);
  }

  /** How many messages the version shown and another one begin with alike. */
  #commonLength(branch: string | null): number {
    const lengths = [branch, this.#choices.value.branch].map(
      (id) => this.draft.branches.find((one) => one.id === id)?.after ?? this.draft.conversation.messages.length,
    );
    return Math.min(...lengths);
  }

  async #look(): Promise<void> {
    this.#turn += 1;
    const turn = this.#turn;
    this.#findings.value = { state: "looking" };
    await this.#makeMasks();
    try {
      const { findSecretsOf } = await import("../import/file-reader.ts");
      const secrets = await findSecretsOf({ title: this.draft.title, messages: this.#messages.value });
      if (turn === this.#turn) this.#findings.value = { state: "found", secrets };
    } catch (error) {
      reportError(error);
      if (turn === this.#turn) this.#findings.value = { state: "failed" };
    }
  }

  async #makeMasks(): Promise<void> {
    const { masked } = this.#choices.value;
    const messages = this.#messages.value;
    if (masked.length === 0) {
      this.#masked.value = null;
      return;
    }
    const { maskedCopy } = await import("../import/file-reader.ts");
    const copy = await maskedCopy({ title: this.draft.title, messages }, new Set(masked));
    if (this.#messages.value === messages && this.#choices.value.masked === masked) this.#masked.value = copy;
  }
}

async function messagesAlong(
  draft: Draft,
  { drafts, branch }: { drafts: Drafts; branch: string | null },
): Promise<readonly ConversationMessage[]> {
  const { messages } = draft.conversation;
  const chosen = draft.branches.find(({ id }) => id === branch);
  if (!chosen) return messages;
  return [...messages.slice(0, chosen.after), ...(await drafts.branchMessages(draft.id, chosen.id))];
}
