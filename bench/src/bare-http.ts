import { createServer } from "node:http";

/** The least that Node needs to answer with a page of the same size: what every server on it pays. */
const body = Buffer.alloc(Number(process.env.BODY_LENGTH), "a");

const server = createServer((_request, response) => {
  response.writeHead(200, { "content-type": "text/html; charset=utf-8", "content-length": body.length });
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
