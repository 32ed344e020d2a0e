import { idBytes, type Receipt } from "@openmates-share/protocol/wire";
import { createTestDatabase, type TestDatabase } from "@openmates-share/testing/database";
import { type ServerProcess, startServer } from "@openmates-share/testing/server-process";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createChat, createLink, createPerson, type TestChat, write } from "./chat-world.ts";
import { TestClient } from "./test-client.ts";
import { until } from "./until.ts";

const CONNECTIONS = 500;
const WRITERS = 10;

let world: TestDatabase;
let server: ServerProcess;
let chat: TestChat;
beforeAll(async () => {
  world = await createTestDatabase();
  server = await startServer({ databaseUrl: world.databaseUrl });
  chat = await createChat(world.database);
});
afterAll(async () => {
  await server.stop();
  await world.stop();
});

test("a server that is told to stop finishes what it accepted, tells everybody to move, and ends", async () => {
  const { bearer } = await createLink(world.database, { chat: chat.chat, mode: "collaborative" });
  const people = [
    chat.owner,
    ...(await Promise.all(Array.from({ length: WRITERS - 1 }, () => createPerson(world.database)))),
  ];
  const clients: TestClient[] = [];
  // The first of each person writes, all others read along.
  for (let at = 0; at < CONNECTIONS; at += 50) {
    const batch = await Promise.all(
      Array.from({ length: 50 }, (_, i) =>
        TestClient.connect({ url: server.url, session: people[(at + i) % WRITERS]?.session ?? null }),
      ),
    );
    clients.push(...batch);
  }
  const reasons: string[] = [];
  await Promise.all(
    clients.map((client, i) => {
      client.socket.once("disconnect", (reason) => reasons.push(reason));
      const sender = people[i]?.identity.sender ?? null;
      return client.request("join", { chat: chat.chat, link: bearer, sender, after: 0 });
    }),
  );

  const acknowledged: Receipt[] = [];
  const refusals: string[] = [];
  const writing = people.map(async (person, i) => {
    for (let turn = 0; turn < 150; turn++) {
      const message = await write(chat, { by: person, text: `${i}: ${turn}` });
      const client = clients[i];
      if (!client?.socket.connected) return;
      await client.request("send", { chat: chat.chat, message }).then(
        (receipt) => acknowledged.push(receipt),
        (error: Error) => refusals.push(error.message),
      );
    }
  });
  await until(() => acknowledged.length >= WRITERS);
  expect(await server.stop()).toBe(0);
  await Promise.all(writing);
  await until(() => reasons.length === CONNECTIONS);

  expect(new Set(reasons)).toEqual(new Set(["io server disconnect"]));
  // A send that came too late was refused, or cut off: either way its writer knows.
  for (const refusal of refusals) expect(["unavailable", "socket has been disconnected"]).toContain(refusal);
  const stored = await world.database.message.findMany({
    where: { chatId: idBytes(chat.chat) },
    select: { seq: true, head: true },
  });
  const heads = new Map(stored.map(({ seq, head }) => [seq, Buffer.from(head).toString("hex")]));
  for (const { seq, head } of acknowledged) expect(heads.get(seq)).toBe(Buffer.from(head).toString("hex"));
  for (const client of clients) client.close();
});
