import { BotError } from "../errors.ts";
import type { InstallationStore } from "./installation-store.ts";
import type { Installed } from "./installed.ts";

/** Slack's tokens live for twelve hours; a token with less than this is renewed. */
const REFRESH_AHEAD_MS = 2 * 60 * 60 * 1000;
/** A token with less than this may expire before Slack sees it. */
const LEAST_LEFT_MS = 60 * 1000;
/** How long one node may take for a refresh before another one tries. */
const LEASE_MS = 30 * 1000;
/** How often, and how long, to look whether another node is done. */
const LOOK_MS = 250;
const LOOKS = 40;

/** Slack's answer to `oauth.v2.access` with a refresh token. */
export interface FreshTokens {
  readonly botToken: string;
  readonly refreshToken: string;
  /** Seconds. */
  readonly expiresIn: number;
}

/**
 * Renews tokens before they expire. A refresh token is good for one renewal, so of all nodes one renews; the others go on
 * with the old token while it lasts, and wait once it does not.
 */
export class TokenRefresher {
  readonly #store: InstallationStore;
  readonly #exchange: (refreshToken: string) => Promise<FreshTokens>;
  readonly #now: () => number;
  readonly #onFailure: (error: unknown) => void;
  readonly #running = new Map<string, Promise<Installed>>();

  constructor(options: {
    store: InstallationStore;
    exchange: (refreshToken: string) => Promise<FreshTokens>;
    onFailure: (error: unknown) => void;
    now?: () => number;
  }) {
    this.#store = options.store;
    this.#exchange = options.exchange;
    this.#onFailure = options.onFailure;
    this.#now = options.now ?? Date.now;
  }

  /** The installation with a token that Slack takes. @throws BotError `not_installed`, `slack_failed` */
  async fresh(installed: Installed): Promise<Installed> {
    const { refreshToken, expiresAt } = installed;
    if (refreshToken === null || expiresAt === null) return installed;
    const left = expiresAt - this.#now();
    if (left > REFRESH_AHEAD_MS) return installed;
    const renewing = this.#renewOnce(installed);
    if (left < LEAST_LEFT_MS) return renewing;
    // The old one does for now; a failure is met again by whoever comes next.
    renewing.catch(this.#onFailure);
    return installed;
  }

  /** Resolves when no renewal is under way. */
  async idle(): Promise<void> {
    await Promise.allSettled(this.#running.values());
  }

  #renewOnce(installed: Installed): Promise<Installed> {
    const running = this.#running.get(installed.id);
    if (running) return running;
    const renewing = this.#renew(installed).finally(() => this.#running.delete(installed.id));
    this.#running.set(installed.id, renewing);
    return renewing;
  }

  async #renew(known: Installed): Promise<Installed> {
    for (let look = 0; look < LOOKS; look += 1) {
      const leased = await this.#store.leaseRefresh(known.id, LEASE_MS);
      if (leased) return this.#renewLeased({ leased, known });
      // Another node is at it, or the app was removed.
      const now = await this.#store.find(known.id);
      if (!now) throw new BotError("not_installed", "I am no longer installed in this workspace.");
      if (now.botToken !== known.botToken) return now;
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
    throw new BotError("slack_failed", "My access to Slack could not be renewed. Please try again.", {
      retryable: true,
    });
  }

  async #renewLeased({ leased, known }: { leased: Installed; known: Installed }): Promise<Installed> {
    // It was renewed between reading and leasing.
    if (leased.botToken !== known.botToken || leased.refreshToken === null) {
      await this.#store.releaseRefresh(known.id);
      return leased;
    }
    try {
      const { botToken, refreshToken, expiresIn } = await this.#exchange(leased.refreshToken);
      const renewed = { ...leased, botToken, refreshToken, expiresAt: this.#now() + expiresIn * 1000 };
      await this.#store.saveRefreshed(renewed);
      return renewed;
    } catch (error) {
      await this.#store.releaseRefresh(known.id);
      throw error;
    }
  }
}
