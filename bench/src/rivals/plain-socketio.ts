import { createHash, randomBytes } from "node:crypto";
import { createServer } from "node:http";
import { createDatabase, type PrismaClient } from "@openmates-share/prisma";
import { Server } from "socket.io";

/**
 * A chat server as one writes it first: Socket.IO with its default parser, a message of two binary fields told to the whole
 * room, whoever comes in announced to it. With DATABASE_URL each message is stored by a Prisma `create` before it is told.
 */
const { DATABASE_URL } = process.env;
const database = DATABASE_URL ? createDatabase({ databaseUrl: DATABASE_URL, poolSize: 10 }) : null;
const http = createServer();
const io = new Server(http, { serveClient: false, maxHttpBufferSize: 2 << 20 });

interface Room {
  readonly chat: Uint8Array<ArrayBuffer>;
  seq: number;
}
const rooms = new Map<string, Promise<Room>>();

io.on("connection", (socket) => {
  let room = "";
  socket.on("join", async (name: string, done: () => void) => {
    room = name;
    void socket.join(name);
    if (database) await roomOf(database, name);
    socket.to(name).emit("present", socket.id);
    done();
  });
  socket.on("relay", async (envelope: Buffer, nonce: Buffer) => {
    if (database) await store(database, { room, envelope });
    io.to(room).emit("message", envelope, nonce);
  });
});

function roomOf(prisma: PrismaClient, name: string): Promise<Room> {
  const known = rooms.get(name) ?? newRoom(prisma);
  rooms.set(name, known);
  return known;
}

async function newRoom(prisma: PrismaClient): Promise<Room> {
  const id = () => new Uint8Array(randomBytes(16));
  const ownerAccount = id();
  const chat = id();
  await prisma.account.create({ data: { id: ownerAccount } });
  await prisma.chat.create({ data: { id: chat, ownerAccount, ownerSender: id(), head: new Uint8Array(32) } });
  return { chat, seq: 0 };
}

async function store(prisma: PrismaClient, { room, envelope }: { room: string; envelope: Buffer }): Promise<void> {
  const known = await roomOf(prisma, room);
  known.seq += 1;
  await prisma.message.create({
    data: {
      chatId: known.chat,
      seq: known.seq,
      id: new Uint8Array(randomBytes(16)),
      sender: known.chat,
      kind: 1,
      digest: new Uint8Array(createHash("sha256").update(envelope).digest()),
      envelope: new Uint8Array(envelope),
      head: new Uint8Array(32),
      storedAt: new Date(),
    },
  });
}

http.listen(0, "127.0.0.1", () => {
  const address = http.address();
  if (typeof address === "object" && address) process.stdout.write(`ready http://127.0.0.1:${address.port}\n`);
});
process.once("SIGTERM", () => process.exit(0));
