import { createServer } from "node:http";
import { type WebSocket, WebSocketServer } from "ws";

/** The least that a relay on Node can be: the path is the room, and what comes in goes to everybody in it. */
const rooms = new Map<string, Set<WebSocket>>();
const http = createServer();
const server = new WebSocketServer({ server: http });

server.on("connection", (socket, request) => {
  const name = request.url ?? "/";
  const room = rooms.get(name) ?? new Set();
  rooms.set(name, room.add(socket));
  socket.on("message", (data) => {
    for (const other of room) other.send(data, { binary: true });
  });
  socket.on("close", () => {
    room.delete(socket);
    if (room.size === 0) rooms.delete(name);
  });
  socket.on("error", () => {});
});

http.listen(0, "127.0.0.1", () => {
  const address = http.address();
  if (typeof address === "object" && address) process.stdout.write(`ready http://127.0.0.1:${address.port}\n`);
});
process.once("SIGTERM", () => process.exit(0));
