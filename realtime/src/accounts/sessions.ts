import { createHash, randomBytes } from "node:crypto";
import { Prisma, type PrismaClient, runPrepared } from "@openmates-share/prisma";
import {
  type Bytes,
  fromBase64url,
  idBytes,
  idFromBytes,
  LIMITS,
  SESSION_PREFIX,
  type SessionId,
  type SessionSummary,
  toBase64url,
} from "@openmates-share/protocol/wire";
import { OneRoundTrip } from "../database/one-round-trip.ts";
import { type AccountId, accountBytes, accountIdOf } from "./account-id.ts";
import { SignOuts } from "./sign-outs.ts";

/** How long an answer of the database is believed: so long a session lives on here if its end could not be told. */
const CACHE_MS = 5_000;
const CACHE_SIZE = 10_000;
/** `last_seen` is for people who look over their devices; the day is enough. */
const SEEN_MS = 24 * 60 * 60 * 1000;

/** Whom a bearer speaks for. */
export interface Session {
  readonly account: AccountId;
  readonly session: SessionId;
  /** SHA-256 of its 32 bytes. */
  readonly tokenHash: Bytes;
}

interface SessionRow {
  /** False when there is none, and all the rest is null. */
  readonly alive: boolean;
  readonly id: Uint8Array;
  readonly account: Uint8Array;
  /** Milliseconds since 1970. */
  readonly lastSeen: number;
}

/** Who somebody is: opaque bearers, stored hashed. */
export class Sessions {
  readonly #database: PrismaClient;
  readonly #signOuts: SignOuts;
  readonly #now: () => number;
  readonly #rows = new OneRoundTrip((tokenHashes: readonly Bytes[]) => this.#load(tokenHashes));
  readonly #found = new Map<string, Session & { readonly until: number }>();
  /** Counts news: what the database said before the last of them may no longer be true. */
  #news = 0;

  constructor(options: { database: PrismaClient; signOuts?: SignOuts; now?: () => number }) {
    this.#database = options.database;
    this.#signOuts = options.signOuts ?? new SignOuts();
    this.#now = options.now ?? Date.now;
    this.#signOuts.subscribe((ended) => this.#forget(ended));
  }

  /** A new guest account with one session. The bearer is shown once and kept as its hash alone. */
  async create(): Promise<{ session: string }> {
    const { bearer, row } = newSession(null);
    const id = new Uint8Array(randomBytes(16));
    await this.#database.account.create({ data: { id, sessions: { create: row } } });
    return { session: bearer };
  }

  /**
   * One more session of an account, made within the transaction that signs somebody in. With one too many the ones not seen
   * for longest end; `ended` is to be told when all is committed.
   */
  async createFor(
    transaction: Prisma.TransactionClient,
    { account, device }: { account: AccountId; device: string },
  ): Promise<{ session: string; ended: readonly SessionId[] }> {
    const { bearer, row } = newSession(device);
    const accountId = accountBytes(account);
    await transaction.session.create({ data: { ...row, accountId } });
    const tooMany = await transaction.session.findMany({
      where: { accountId, revokedAt: null, id: { not: row.id } },
      orderBy: { lastSeen: "desc" },
      skip: LIMITS.sessions - 1,
      select: { id: true },
    });
    await transaction.session.deleteMany({ where: { id: { in: tooMany.map(({ id }) => id) } } });
    return { session: bearer, ended: tooMany.map(({ id }) => idFromBytes<SessionId>(id)) };
  }

  /** Whose session that is; null for an unknown, ended or malformed bearer. */
  async find(bearer: string): Promise<AccountId | null> {
    return (await this.identify(bearer))?.account ?? null;
  }

  /** The session behind a bearer; null for an unknown, ended or malformed one. */
  async identify(bearer: string): Promise<Session | null> {
    const token = bearer.startsWith(SESSION_PREFIX) ? fromBase64url(bearer.slice(SESSION_PREFIX.length)) : null;
    if (token?.length !== 32) return null;
    const tokenHash = hashOf(token);
    const name = toBase64url(tokenHash);
    const now = this.#now();
    const known = this.#found.get(name);
    if (known && now < known.until) return known;
    this.#found.delete(name);
    const news = this.#news;
    const row = await this.#rows.ask(tokenHash);
    if (!row.alive) return null;
    if (now - row.lastSeen > SEEN_MS) {
      await this.#database.session.updateMany({ where: { tokenHash }, data: { lastSeen: new Date(now) } });
    }
    const session = { account: accountIdOf(row.account), session: idFromBytes<SessionId>(row.id), tokenHash };
    // Something ended meanwhile: perhaps this one, so the answer counts for this once.
    if (news === this.#news) this.#remember(name, { ...session, until: now + CACHE_MS });
    return session;
  }

  /** Newest first. */
  async list({ account, session }: Session): Promise<readonly SessionSummary[]> {
    const rows = await this.#database.session.findMany({
      where: { accountId: accountBytes(account), revokedAt: null },
      orderBy: { createdAt: "desc" },
    });
    return rows.map(({ id, label, createdAt, lastSeen }) => ({
      id: idFromBytes<SessionId>(id),
      device: label,
      createdAt: createdAt.getTime(),
      lastSeen: lastSeen.toISOString().slice(0, 10),
      current: idFromBytes<SessionId>(id) === session,
    }));
  }

  /** Ends sessions of the account on every node; false when there was none to end. */
  async end(account: AccountId, which: { only: SessionId } | { except: SessionId | null }): Promise<boolean> {
    const chosen =
      "only" in which ? { id: idBytes(which.only) } : which.except ? { id: { not: idBytes(which.except) } } : {};
    const where = { accountId: accountBytes(account), revokedAt: null, ...chosen };
    const ended = await this.#database.$transaction(async (transaction) => {
      const rows = await transaction.session.findMany({ where, select: { id: true } });
      await transaction.session.updateMany({
        where: { id: { in: rows.map(({ id }) => id) } },
        data: { revokedAt: new Date(this.#now()) },
      });
      return rows.map(({ id }) => idFromBytes<SessionId>(id));
    });
    this.#signOuts.publish(ended);
    return ended.length > 0;
  }

  /** Which of these have ended: for whoever holds a connection open and may have missed the news. */
  async ended(sessions: readonly SessionId[]): Promise<readonly SessionId[]> {
    if (sessions.length === 0) return [];
    const rows = await this.#database.session.findMany({
      where: { id: { in: sessions.map((session) => idBytes(session)) }, revokedAt: null },
      select: { id: true },
    });
    const alive = new Set(rows.map(({ id }) => idFromBytes<SessionId>(id)));
    return sessions.filter((session) => !alive.has(session));
  }

  /** Tells of every session that ends, on whichever node. Returns the function that ends it. */
  onEnded(listener: (sessions: readonly SessionId[]) => void): () => void {
    return this.#signOuts.subscribe(listener);
  }

  async #load(tokenHashes: readonly Bytes[]): Promise<readonly SessionRow[]> {
    const places = tokenHashes.map((_, index) => index);
    return runPrepared<SessionRow>(
      this.#database,
      Prisma.sql`
      select found.id, found.account_id as account, found.id is not null and found.revoked_at is null as alive,
             (extract(epoch from found.last_seen) * 1000)::float8 as "lastSeen"
      from unnest(${places}::int[]) place
      left join sessions found on found.token_hash = substring(${Buffer.concat(tokenHashes)}::bytea from 32 * place + 1 for 32)
      order by place`,
    );
  }

  #forget(ended: readonly SessionId[]): void {
    this.#news++;
    const gone = new Set(ended);
    for (const [name, { session }] of this.#found) if (gone.has(session)) this.#found.delete(name);
  }

  #remember(name: string, entry: Session & { until: number }): void {
    // A map keeps the order of insertion, so its first entry is the oldest.
    for (const oldest of this.#found.keys()) {
      if (this.#found.size < CACHE_SIZE) break;
      this.#found.delete(oldest);
    }
    this.#found.set(name, entry);
  }
}

function newSession(label: string | null) {
  const token = new Uint8Array(randomBytes(32));
  const row = { tokenHash: hashOf(token), id: new Uint8Array(randomBytes(16)), label };
  return { bearer: SESSION_PREFIX + toBase64url(token), row };
}

function hashOf(token: Uint8Array): Bytes {
  return new Uint8Array(createHash("sha256").update(token).digest());
}
