import { Prisma } from "@openmates-share/prisma";
import { WireFailure } from "./failure.ts";

/** Prisma's codes for a database that cannot be reached, does not answer, or hangs up. */
const CONNECTION_CODES = new Set(["P1000", "P1001", "P1002", "P1003", "P1008", "P1010", "P1017", "P2024", "P2037"]);

/** SQLSTATE classes: connection, insufficient resources, operator intervention (shutdown), system error. */
const PASSING_CLASSES = ["08", "53", "57", "58"];

/** Whether an error means that the database is not there right now, so that the same request may work later. */
export function isUnavailable(error: unknown): boolean {
  if (error instanceof Prisma.PrismaClientInitializationError) return true;
  if (error instanceof Prisma.PrismaClientKnownRequestError) {
    if (CONNECTION_CODES.has(error.code)) return true;
    const state = sqlState(error);
    return state !== null && PASSING_CLASSES.includes(state.slice(0, 2));
  }
  return false;
}

export function unavailable(cause: unknown): WireFailure {
  return new WireFailure("unavailable", "The server cannot reach its database. Please try again in a moment.", {
    cause,
    retryAfter: 2,
  });
}

/** The SQLSTATE of a raw statement that failed (P2010), or null. */
function sqlState(error: Prisma.PrismaClientKnownRequestError): string | null {
  const cause: unknown = error.meta?.driverAdapterError;
  if (!(cause instanceof Error) || typeof cause.cause !== "object" || cause.cause === null) return null;
  const state: unknown = Reflect.get(cause.cause, "originalCode") ?? Reflect.get(cause.cause, "code");
  return typeof state === "string" ? state : null;
}
