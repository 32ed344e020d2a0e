import type pg from "pg";
import type { PrismaClient } from "./generated/client.ts";

/** The connections behind each client. */
export const pools = new WeakMap<PrismaClient, pg.Pool>();
