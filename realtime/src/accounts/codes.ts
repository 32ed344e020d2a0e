import { randomBytes, randomInt } from "node:crypto";
import { Prisma, type PrismaClient } from "@openmates-share/prisma";
import { type Bytes, toBase64url } from "@openmates-share/protocol/wire";
import { WireFailure } from "../http/failure.ts";
import { type AccountId, accountBytes } from "./account-id.ts";
import type { Address } from "./address.ts";
import type { Addresses } from "./addresses.ts";

/** What a code proves an address for; it is good for nothing else. */
export type CodePurpose = "sign-in" | "add-address";

/** How long a code is good: long enough to find a mail that was held up, short enough to be forgotten. Milliseconds. */
export const CODE_LASTS = 15 * 60 * 1000;
/** Wrong ones on one code: with a million codes, five tries find it once in 200,000 times. */
export const CODE_TRIES = 5;
const CODES = 1_000_000;

/** To whom and what for a code is. */
export interface CodeSubject {
  readonly purpose: CodePurpose;
  readonly address: Address;
  /** With `add-address`: the account that asks; null when signing in. */
  readonly account: AccountId | null;
}

/** Codes sent by mail: six digits, kept as a keyed hash, tried five times at most and used once. */
export class Codes {
  readonly #database: PrismaClient;
  readonly #addresses: Addresses;
  readonly #now: () => number;

  constructor(options: { database: PrismaClient; addresses: Addresses; now?: () => number }) {
    this.#database = options.database;
    this.#addresses = options.addresses;
    this.#now = options.now ?? Date.now;
  }

  /** A new code. `request` names it: only whoever has that can try it, so that a stranger cannot use up the tries. */
  async issue(subject: CodeSubject): Promise<{ request: string; code: string; expiresAt: number }> {
    const id = new Uint8Array(randomBytes(16));
    // randomInt draws again rather than prefer some numbers.
    const code = String(randomInt(CODES)).padStart(6, "0");
    const expiresAt = this.#now() + CODE_LASTS;
    await this.#database.$transaction([
      this.#database.code.deleteMany({ where: { expiresAt: { lt: new Date(this.#now()) } } }),
      this.#database.code.create({
        data: {
          id,
          purpose: subject.purpose,
          lookup: this.#addresses.lookupHash(subject.address),
          accountId: subject.account && accountBytes(subject.account),
          codeHash: this.#hash(subject, { id, code }),
          expiresAt: new Date(expiresAt),
        },
      }),
    ]);
    return { request: toBase64url(id), code, expiresAt };
  }

  /**
   * Uses a code up. Counting the try and comparing is one statement, and so is taking the code away: whatever is tried at
   * once, on any number of nodes, there are five tries and one success.
   * @throws WireFailure `wrong_code`, the same for wrong, expired, used up, and somebody else's
   */
  async redeem(subject: CodeSubject, { request, code }: { request: Uint8Array; code: string }): Promise<void> {
    const id = new Uint8Array(request);
    const codeHash = this.#hash(subject, { id, code });
    const [tried] = await this.#database.$queryRaw<{ fits: boolean }[]>(Prisma.sql`
      update codes set tries = tries + 1
      where id = ${id}::bytea and tries < ${CODE_TRIES}::int and expires_at > ${new Date(this.#now())}
      returning code_hash = ${codeHash}::bytea as fits`);
    if (!tried?.fits) throw wrongCode();
    const { count } = await this.#database.code.deleteMany({ where: { id, codeHash } });
    if (count === 0) throw wrongCode();
  }

  #hash({ purpose, address, account }: CodeSubject, { id, code }: { id: Uint8Array; code: string }): Bytes {
    return this.#addresses.keyedHash("code", purpose, address, account ?? "", id, code);
  }
}

function wrongCode(): WireFailure {
  return new WireFailure("wrong_code", "This code is not right, or no longer valid. Check it, or ask for a new one.");
}
