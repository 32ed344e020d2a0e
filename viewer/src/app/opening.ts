import { type ChatId, ClientError, type EmbedId, type ShareLink } from "@openmates-share/client";
import { type ReadonlySignal, signal } from "@preact/signals";
import { PROBLEMS, type Problem } from "./problem.tsx";
import type { Session } from "./session.ts";

/** How far something shared has come on its way to the screen. */
export type OpeningState<Opened> =
  | { readonly state: "opening" }
  /** `sentence` after a password that did not fit. */
  | { readonly state: "locked"; readonly busy: boolean; readonly sentence: string | null }
  | { readonly state: "problem"; readonly problem: Problem }
  | { readonly state: "open"; readonly opened: Opened };

/** Between tries while the server is away: soon at first, and then without troubling it. Milliseconds. */
const PAUSES = [1_000, 2_000, 4_000, 8_000, 15_000];

export interface OpeningOptions<Opened> {
  readonly session: Session;
  readonly id: ChatId | EmbedId;
  /** Null when one comes back to it. */
  readonly link: ShareLink | null;
  /** By a link, or by the key that this device holds. */
  readonly open: (
    link: ShareLink | null,
    options: { readonly password: string | null; readonly signal: AbortSignal },
  ) => Promise<Opened>;
  readonly problemOf: (error: unknown) => Problem;
  /** Lets go of what was opened and is not shown. */
  readonly close: (opened: Opened) => void;
}

/** Opens what was shared by its link, or by the key this device holds; asks for the password only when it is needed. */
export class Opening<Opened> {
  readonly #state = signal<OpeningState<Opened>>({ state: "opening" });
  readonly #options: OpeningOptions<Opened>;
  #link: ShareLink | null;
  #abort = new AbortController();
  #tries = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #onOnline = () => this.retry();

  constructor(options: OpeningOptions<Opened>) {
    this.#options = options;
    this.#link = options.link;
  }

  get state(): ReadonlySignal<OpeningState<Opened>> {
    return this.#state;
  }

  start(): void {
    this.#abort = new AbortController();
    addEventListener("online", this.#onOnline);
    void this.#attempt(null);
  }

  /** Tries again now, if something is the matter that may have passed. */
  retry(): void {
    const { value } = this.#state;
    if (value.state !== "problem" || !value.problem.retryable) return;
    clearTimeout(this.#timer);
    void this.#attempt(null);
  }

  /** From the beginning, by the same link: now that somebody has signed in. */
  again(): void {
    this.#close();
    clearTimeout(this.#timer);
    this.#state.value = { state: "opening" };
    void this.#attempt(null);
  }

  async unlock(password: string): Promise<void> {
    this.#state.value = { state: "locked", busy: true, sentence: null };
    await this.#attempt(password);
  }

  stop(): void {
    removeEventListener("online", this.#onOnline);
    clearTimeout(this.#timer);
    this.#abort.abort();
    const { session, id } = this.#options;
    // Kept until then: a sign-in may make it open, also after a reload.
    const { value } = this.#state;
    if (value.state === "problem" && isNotFound(value.problem)) session.pendingLinks.drop(id).catch(reportError);
    this.#close();
  }

  #close(): void {
    const { value } = this.#state;
    if (value.state === "open") this.#options.close(value.opened);
  }

  async #attempt(password: string | null): Promise<void> {
    const { signal: ended } = this.#abort;
    const { session, id, close } = this.#options;
    try {
      const opened = await this.#open(password, ended);
      if (ended.aborted) return close(opened);
      this.#state.value = { state: "open", opened };
      await session.pendingLinks.drop(id);
    } catch (error) {
      if (!ended.aborted) this.#fail(error);
    }
  }

  async #open(password: string | null, ended: AbortSignal): Promise<Opened> {
    const { session, id, open } = this.#options;
    // Kept before anything can fail: it is in the address bar no longer.
    if (this.#link) await session.pendingLinks.keep(id, this.#link);
    this.#link ??= await session.pendingLinks.find(id);
    return open(this.#link, { password, signal: ended });
  }

  #fail(error: unknown): void {
    const code = error instanceof ClientError ? error.code : null;
    if (code === "locked") this.#state.value = { state: "locked", busy: false, sentence: null };
    else if (error instanceof ClientError && code === "unable_to_decrypt") {
      this.#state.value = { state: "locked", busy: false, sentence: error.message };
    } else this.#showProblem(this.#options.problemOf(error));
  }

  #showProblem(problem: Problem): void {
    this.#state.value = { state: "problem", problem };
    if (!problem.retryable) return;
    const pause = PAUSES[Math.min(this.#tries, PAUSES.length - 1)];
    this.#tries += 1;
    this.#timer = setTimeout(() => void this.#attempt(null), pause);
  }
}

export function isNotFound(problem: Problem): boolean {
  return problem === PROBLEMS.chatNotFound || problem === PROBLEMS.embedNotFound;
}
