import { type ChatId, ClientError, type Room, type ShareLink } from "@openmates-share/client";
import { signal } from "@preact/signals";
import { PROBLEMS, type Problem, problemOf } from "../app/problem.tsx";
import type { Session } from "../app/session.ts";

/** How far a chat has come on its way to the screen. */
export type Opening =
  | { readonly state: "opening" }
  /** `sentence` after a password that did not fit. */
  | { readonly state: "locked"; readonly busy: boolean; readonly sentence: string | null }
  | { readonly state: "problem"; readonly problem: Problem }
  | { readonly state: "open"; readonly room: Room };

/** Between tries while the server is away: soon at first, and then without troubling it. Milliseconds. */
const PAUSES = [1_000, 2_000, 4_000, 8_000, 15_000];

/** Opens one chat by its link, or by the key this device holds; asks for the password only when it is needed. */
export class ChatOpening {
  readonly state = signal<Opening>({ state: "opening" });
  readonly #session: Session;
  readonly #chat: ChatId;
  #link: ShareLink | null;
  #abort = new AbortController();
  #tries = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #onOnline = () => this.retry();

  constructor(options: { session: Session; chat: ChatId; link: ShareLink | null }) {
    this.#session = options.session;
    this.#chat = options.chat;
    this.#link = options.link;
  }

  start(): void {
    this.#abort = new AbortController();
    addEventListener("online", this.#onOnline);
    void this.#attempt(null);
  }

  /** Tries again now, if something is the matter that may have passed. */
  retry(): void {
    const { value } = this.state;
    if (value.state !== "problem" || !value.problem.retryable) return;
    clearTimeout(this.#timer);
    void this.#attempt(null);
  }

  /** From the beginning, by the same link: now that somebody has signed in. */
  again(): void {
    const { value } = this.state;
    if (value.state === "open") value.room.close();
    clearTimeout(this.#timer);
    this.state.value = { state: "opening" };
    void this.#attempt(null);
  }

  async unlock(password: string): Promise<void> {
    this.state.value = { state: "locked", busy: true, sentence: null };
    await this.#attempt(password);
  }

  stop(): void {
    removeEventListener("online", this.#onOnline);
    clearTimeout(this.#timer);
    this.#abort.abort();
    // Kept until then: a sign-in may make it open, also after a reload.
    if (this.#isNotFound) this.#session.pendingLinks.drop(this.#chat).catch(reportError);
    if (this.state.value.state === "open") this.state.value.room.close();
  }

  get #isNotFound(): boolean {
    const { value } = this.state;
    return value.state === "problem" && value.problem === PROBLEMS.chatNotFound;
  }

  async #attempt(password: string | null): Promise<void> {
    const { signal: aborted } = this.#abort;
    try {
      const room = await this.#open(password, aborted);
      if (aborted.aborted) return room.close();
      this.state.value = { state: "open", room };
      await this.#session.pendingLinks.drop(this.#chat);
    } catch (error) {
      if (!aborted.aborted) this.#fail(error);
    }
  }

  async #open(password: string | null, aborted: AbortSignal): Promise<Room> {
    const { client, pendingLinks } = this.#session;
    // Kept before anything can fail: it is in the address bar no longer.
    if (this.#link) await pendingLinks.keep(this.#chat, this.#link);
    this.#link ??= await pendingLinks.find(this.#chat);
    if (!this.#link) return client.reopen(this.#chat, { signal: aborted });
    return client.open(this.#link, { password, signal: aborted });
  }

  #fail(error: unknown): void {
    const code = error instanceof ClientError ? error.code : null;
    if (code === "locked") this.state.value = { state: "locked", busy: false, sentence: null };
    else if (error instanceof ClientError && code === "unable_to_decrypt") {
      this.state.value = { state: "locked", busy: false, sentence: error.message };
    } else this.#showProblem(problemOf(error));
  }

  #showProblem(problem: Problem): void {
    this.state.value = { state: "problem", problem };
    if (!problem.retryable) return;
    const pause = PAUSES[Math.min(this.#tries, PAUSES.length - 1)];
    this.#tries += 1;
    this.#timer = setTimeout(() => void this.#attempt(null), pause);
  }
}
