import { once } from "node:events";
import { createServer } from "node:net";
import { codeOf, Problem } from "./problem.mjs";

/**
 * @param {{ host: string, port: number }} address
 * @throws {Problem} saying how to choose another when nothing can listen there
 */
export async function checkAddress({ host, port }) {
  try {
    await tryPort({ host, port });
  } catch (error) {
    throw new Problem(refusal({ code: codeOf(error), host, port }));
  }
}

/**
 * A port of the loopback that nothing listens on: the preferred one if it is free.
 * @param {number | null} preferred
 */
export async function freePort(preferred = null) {
  const loopback = "127.0.0.1";
  if (preferred === null) return await tryPort({ host: loopback, port: 0 });
  return await tryPort({ host: loopback, port: preferred }).catch(() => tryPort({ host: loopback, port: 0 }));
}

/**
 * @param {{ host: string, port: number }} address
 * @returns {Promise<number>} the port it was
 */
async function tryPort({ host, port }) {
  const server = createServer().listen({ host, port });
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address !== null ? address.port : port;
}

/** @param {{ code: string, host: string, port: number }} why */
function refusal({ code, host, port }) {
  const another = port < 65535 ? port + 1 : 4000;
  switch (code) {
    case "EADDRINUSE":
      return `Port ${port} is taken by another program. Choose another one: PORT=${another} npm start`;
    case "EACCES":
      return `Port ${port} may not be used without special rights. Choose one above 1023: PORT=4000 npm start`;
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
      return `HOST=${host} is no address of this machine. Use 127.0.0.1 for this machine alone, or 0.0.0.0 for its whole network.`;
    default:
      return `Nothing can listen on HOST=${host} PORT=${port} (${code}).`;
  }
}
