import type { PrismaClient } from "@openmates-share/prisma";
import { type ChatId, idBytes } from "@openmates-share/protocol/wire";
import { type AccountId, accountBytes } from "../accounts/account-id.ts";

/** What an attempt was charged when it was claimed, and to whom. */
export interface Charge {
  /** As `YYYY-MM-DD`. */
  readonly day: string;
  readonly account: AccountId;
  readonly chat: ChatId;
  /** Tokens: what was given, and what was set aside for the answer. */
  readonly cost: number;
}

/** Corrects what `claim_ask` has charged, once it is known what an attempt came to. */
export class AskUsage {
  readonly #database: PrismaClient;

  constructor(options: { database: PrismaClient }) {
    this.#database = options.database;
  }

  async correct({ day, account, chat }: Charge, by: { asks: number; tokens: number }): Promise<void> {
    if (by.asks === 0 && by.tokens === 0) return;
    await this.#database.$executeRaw`
      UPDATE ask_usage SET asks = greatest(asks + ${by.asks}::int, 0), tokens = greatest(tokens + ${by.tokens}::bigint, 0)
      WHERE day = ${day}::date
        AND (scope, subject) IN (('person', ${accountBytes(account)}::bytea), ('chat', ${idBytes(chat)}::bytea),
                                 ('server', ''::bytea))`;
  }
}
