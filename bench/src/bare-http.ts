import { createServer } from "node:http";

/** The least that Node needs to give the same answer, byte for byte: what every server on it pays. */
const headers: Record<string, string> = JSON.parse(process.env.HEADERS ?? "{}");
const body = Buffer.from(process.env.BODY ?? "", "base64");

const server = createServer((_request, response) => {
  response.writeHead(200, headers);
  response.end(body);
});

server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  if (typeof address === "object" && address) process.stdout.write(`ready http://127.0.0.1:${address.port}\n`);
});
process.once("SIGTERM", () => {
  server.close();
  server.closeAllConnections();
});
