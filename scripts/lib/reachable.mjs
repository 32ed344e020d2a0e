import { once } from "node:events";
import { connect } from "node:net";
import { codeOf, Problem } from "./problem.mjs";

/** How long an answer may take, in milliseconds. */
const PATIENCE = 5_000;
const POSTGRES_PORT = 5432;

/**
 * @param {string} databaseUrl
 * @throws {Problem} when nothing answers at that address, so that the server's words about it are not needed
 */
export async function checkDatabaseAnswers(databaseUrl) {
  const { hostname, port } = new URL(databaseUrl);
  // A socket in a folder, or several hosts: PostgreSQL's client knows better.
  if (hostname === "" || hostname.includes(",")) return;
  const host = hostname.replace(/^\[|\]$/g, "");
  const socket = connect({ host, port: Number(port) || POSTGRES_PORT });
  try {
    await once(socket, "connect", { signal: AbortSignal.timeout(PATIENCE) });
  } catch (error) {
    const reason = codeOf(error) || "no answer";
    throw new Problem(
      `DATABASE_URL names ${hostname}:${port || POSTGRES_PORT}, and no PostgreSQL answers there (${reason}). Start it, or leave DATABASE_URL away to use the embedded one.`,
    );
  } finally {
    socket.destroy();
  }
}
