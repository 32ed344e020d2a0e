import { createLocalJWKSet, errors, type JWTVerifyGetKey } from "jose";
import * as v from "valibot";
import { googleAway } from "./google-error.ts";
import { askGoogle } from "./google-fetch.ts";

/** What an answer without a usable `max-age` is good for, and what the shortest and longest count as. Milliseconds. */
const LASTS = { unknown: 60 * 60_000, least: 60_000, most: 24 * 60 * 60_000 } as const;
/**
 * Between two looks for a key that is not known: anybody can name one, and Google must not be asked for each. Google
 * publishes new keys well before it signs with them, so this holds nobody up.
 */
const UNKNOWN_PAUSE = 30_000;

const keySet = v.object({ keys: v.array(v.looseObject({ kty: v.literal("RSA"), kid: v.string() })) });

type Keys = ReturnType<typeof createLocalJWKSet>;

/** Google's public keys, kept for as long as Google says, and asked for once more when a token names one not among them. */
export class GoogleKeys {
  readonly #url: string;
  readonly #now: () => number;
  #kept: { readonly keys: Keys; readonly until: number } | null = null;
  #loading: Promise<Keys> | null = null;
  #lookedForUnknown = Number.NEGATIVE_INFINITY;

  constructor(options: { url: string; now?: () => number }) {
    this.#url = options.url;
    this.#now = options.now ?? Date.now;
  }

  /** The key a token names. @throws JWKSNoMatchingKey of `jose`, GoogleError `away` */
  readonly find: JWTVerifyGetKey = async (header, token) => {
    const known = this.#kept && this.#now() < this.#kept.until ? this.#kept.keys : null;
    try {
      return await (known ?? (await this.#load()))(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey) || known === null || !this.#mayLookAgain()) throw error;
      return (await this.#load())(header, token);
    }
  };

  #mayLookAgain(): boolean {
    const now = this.#now();
    if (now - this.#lookedForUnknown < UNKNOWN_PAUSE) return false;
    this.#lookedForUnknown = now;
    return true;
  }

  #load(): Promise<Keys> {
    this.#loading ??= this.#fetch().finally(() => {
      this.#loading = null;
    });
    return this.#loading;
  }

  async #fetch(): Promise<Keys> {
    const { body, headers } = await askGoogle(this.#url);
    const parsed = v.safeParse(keySet, body);
    if (!parsed.success) throw googleAway();
    const keys = createLocalJWKSet(parsed.output);
    this.#kept = { keys, until: this.#now() + lastsOf(headers) };
    return keys;
  }
}

function lastsOf(headers: Headers): number {
  const seconds = /(?:^|[\s,])max-age=(\d{1,9})/i.exec(headers.get("cache-control") ?? "")?.[1];
  if (seconds === undefined) return LASTS.unknown;
  return Math.min(LASTS.most, Math.max(LASTS.least, Number(seconds) * 1000));
}
