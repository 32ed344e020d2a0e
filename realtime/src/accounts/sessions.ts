import type { PrismaClient } from "@openmates-share/prisma";
import type { AccountId } from "./account-id.ts";

export declare class Sessions {
  constructor(options: { database: PrismaClient });
  /** A new guest account with one session. The bearer is shown once and kept hashed. */
  create(): Promise<{ session: string }>;
  /** Whose session that is; null for an unknown, revoked or malformed bearer. */
  find(bearer: string): Promise<AccountId | null>;
}
