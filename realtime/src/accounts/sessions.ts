import { createHash, randomBytes } from "node:crypto";
import type { PrismaClient } from "@openmates-share/prisma";
import { type Bytes, fromBase64url, SESSION_PREFIX, toBase64url } from "@openmates-share/protocol/wire";
import { type AccountId, accountIdOf } from "./account-id.ts";

/** How long an answer of the database is believed: so long a session that was revoked elsewhere lives on here. */
const CACHE_MS = 5_000;
const CACHE_SIZE = 10_000;
/** `last_seen` is for people who look over their devices; the day is enough. */
const SEEN_MS = 24 * 60 * 60 * 1000;

/** Who somebody is: opaque bearers, stored hashed. */
export class Sessions {
  readonly #database: PrismaClient;
  readonly #now: () => number;
  readonly #found = new Map<string, { readonly account: AccountId; readonly until: number }>();

  constructor(options: { database: PrismaClient; now?: () => number }) {
    this.#database = options.database;
    this.#now = options.now ?? Date.now;
  }

  /** A new guest account with one session. The bearer is shown once and kept as its hash alone. */
  async create(): Promise<{ session: string }> {
    const token = new Uint8Array(randomBytes(32));
    const id = new Uint8Array(randomBytes(16));
    await this.#database.account.create({
      data: { id, sessions: { create: { tokenHash: hashOf(token), id: new Uint8Array(randomBytes(16)) } } },
    });
    return { session: SESSION_PREFIX + toBase64url(token) };
  }

  /** Whose session that is; null for an unknown, revoked or malformed bearer. */
  async find(bearer: string): Promise<AccountId | null> {
    const token = bearer.startsWith(SESSION_PREFIX) ? fromBase64url(bearer.slice(SESSION_PREFIX.length)) : null;
    if (token?.length !== 32) return null;
    const tokenHash = hashOf(token);
    const name = toBase64url(tokenHash);
    const now = this.#now();
    const known = this.#found.get(name);
    if (known && now < known.until) return known.account;
    this.#found.delete(name);
    const session = await this.#database.session.findUnique({ where: { tokenHash } });
    if (!session || session.revokedAt) return null;
    if (now - session.lastSeen.getTime() > SEEN_MS) {
      await this.#database.session.updateMany({ where: { tokenHash }, data: { lastSeen: new Date(now) } });
    }
    const account = accountIdOf(session.accountId);
    this.#remember(name, { account, until: now + CACHE_MS });
    return account;
  }

  #remember(name: string, entry: { account: AccountId; until: number }): void {
    // A map keeps the order of insertion, so its first entry is the oldest.
    for (const oldest of this.#found.keys()) {
      if (this.#found.size < CACHE_SIZE) break;
      this.#found.delete(oldest);
    }
    this.#found.set(name, entry);
  }
}

function hashOf(token: Uint8Array): Bytes {
  return new Uint8Array(createHash("sha256").update(token).digest());
}
