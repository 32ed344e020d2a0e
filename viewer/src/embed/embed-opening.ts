import { ClientError, type EmbedId, type OpenedEmbed, type ShareLink } from "@openmates-share/client";
import { signal } from "@preact/signals";
import { PROBLEMS, type Problem, problemOf } from "../app/problem.tsx";
import type { Session } from "../app/session.ts";

/** How far an embed has come on its way to the screen. */
export type EmbedState =
  | { readonly state: "opening" }
  /** `sentence` after a password that did not fit. */
  | { readonly state: "locked"; readonly busy: boolean; readonly sentence: string | null }
  | { readonly state: "problem"; readonly problem: Problem }
  | { readonly state: "open"; readonly embed: OpenedEmbed };

/** Opens one embed by its link, or by the key this device holds; asks for the password only when it is needed. */
export class EmbedOpening {
  readonly state = signal<EmbedState>({ state: "opening" });
  readonly #session: Session;
  readonly #embed: EmbedId;
  #link: ShareLink | null;
  #abort = new AbortController();

  constructor(options: { session: Session; embed: EmbedId; link: ShareLink | null }) {
    this.#session = options.session;
    this.#embed = options.embed;
    this.#link = options.link;
  }

  start(): void {
    this.#abort = new AbortController();
    void this.#attempt(null);
  }

  retry(): void {
    this.state.value = { state: "opening" };
    void this.#attempt(null);
  }

  async unlock(password: string): Promise<void> {
    this.state.value = { state: "locked", busy: true, sentence: null };
    await this.#attempt(password);
  }

  stop(): void {
    this.#abort.abort();
  }

  async #attempt(password: string | null): Promise<void> {
    const { signal: aborted } = this.#abort;
    try {
      const embed = await this.#open(password, aborted);
      if (aborted.aborted) return;
      this.state.value = { state: "open", embed };
      await this.#session.pendingLinks.drop(this.#embed);
    } catch (error) {
      if (!aborted.aborted) this.#fail(error);
    }
  }

  async #open(password: string | null, aborted: AbortSignal): Promise<OpenedEmbed> {
    const { client, pendingLinks } = this.#session;
    // Kept before anything can fail: it is in the address bar no longer.
    if (this.#link) await pendingLinks.keep(this.#embed, this.#link);
    this.#link ??= await pendingLinks.find(this.#embed);
    if (!this.#link) return (await client.embeds()).openKnown(this.#embed, { signal: aborted });
    return client.openEmbed(this.#link, { password, signal: aborted });
  }

  #fail(error: unknown): void {
    const code = error instanceof ClientError ? error.code : null;
    if (code === "locked") this.state.value = { state: "locked", busy: false, sentence: null };
    else if (error instanceof ClientError && code === "unable_to_decrypt") {
      this.state.value = { state: "locked", busy: false, sentence: error.message };
    } else if (code === "not_found" || code === "no_key") {
      this.state.value = { state: "problem", problem: PROBLEMS.embedNotFound };
      this.#session.pendingLinks.drop(this.#embed).catch(reportError);
    } else this.state.value = { state: "problem", problem: problemOf(error) };
  }
}
