import { Prisma } from "@openmates-share/prisma";
import { WireFailure } from "./failure.ts";

/** What Prisma's driver adapters call a database that cannot be reached, lets nobody in, or hangs up. */
const AWAY_KINDS = new Set([
  "AuthenticationFailed",
  "ConnectionClosed",
  "DatabaseAccessDenied",
  "DatabaseDoesNotExist",
  "DatabaseNotReachable",
  "SocketTimeout",
  "TlsConnectionError",
  "TooManyConnections",
]);

/** SQLSTATE classes: connection, resources, object not in the state needed, operator intervention (shutdown), system. */
const AWAY_CLASSES = new Set(["08", "53", "55", "57", "58"]);

/** The same of a database by its SQLSTATE: it lets nobody in, or is not there. */
const AWAY_STATES = /^(?:08|28|3D|53|55|57|58)/;

/** Node's words for a server that cannot be reached, or hangs up. */
const AWAY_ERRORS = new Set([
  "EAI_AGAIN",
  "ECONNREFUSED",
  "ECONNRESET",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "EPIPE",
  "ETIMEDOUT",
]);

/** The driver has no codes for these: no connection became free in time, or the one in use broke. */
const AWAY_MESSAGES = /^(?:timeout exceeded when trying to connect|Connection terminated)/;

/** Prisma's own: no connection in time, no beginning or end of a transaction in time (its error reference, P2024 and P2028). */
const BUSY_CODES = new Set(["P2024", "P2028"]);

/** Whether an error means that the database is not there right now, so that the same request may work later. */
export function isUnavailable(error: unknown): boolean {
  if (error instanceof Prisma.PrismaClientKnownRequestError && BUSY_CODES.has(error.code)) return true;
  if (error instanceof Prisma.PrismaClientKnownRequestError) return isAway(error.meta?.driverAdapterError);
  if (error instanceof Prisma.PrismaClientInitializationError) return true;
  return error instanceof Error && (AWAY_MESSAGES.test(error.message) || isAwayCode(error));
}

/** Of what the driver itself throws (`runPrepared`). */
function isAwayCode(error: Error): boolean {
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  return AWAY_ERRORS.has(code) || (SQLSTATE.test(code) && AWAY_STATES.test(code));
}

const SQLSTATE = /^[0-9A-Z]{5}$/;

export function unavailable(cause: unknown): WireFailure {
  return new WireFailure("unavailable", "The server cannot reach its database. Please try again in a moment.", {
    cause,
    retryAfter: 2,
  });
}

function isAway(driverError: unknown): boolean {
  if (!(driverError instanceof Error) || typeof driverError.cause !== "object" || driverError.cause === null)
    return false;
  const { kind, originalCode } = driverError.cause as { kind?: unknown; originalCode?: unknown }; // Prisma's, untyped.
  if (typeof kind === "string" && AWAY_KINDS.has(kind)) return true;
  return typeof originalCode === "string" && AWAY_CLASSES.has(originalCode.slice(0, 2));
}
