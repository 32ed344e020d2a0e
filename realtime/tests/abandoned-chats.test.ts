import { type ChatId, idBytes } from "@openmates-share/protocol/wire";
import { afterAll, beforeAll, expect, test } from "vitest";
import { AbandonedChats } from "../src/chats/abandoned-chats.ts";
import { KeptLog } from "./kept-log.ts";
import { message, OwnedChat } from "./owned-chat.ts";
import { startTestServer, type TestServer } from "./test-server.ts";

const HOUR = 60 * 60 * 1000;

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

async function stored(chat: ChatId) {
  const id = idBytes(chat);
  const [chats, messages] = await Promise.all([
    server.database.chat.count({ where: { id } }),
    server.database.message.count({ where: { chatId: id } }),
  ]);
  return { chats, messages };
}

test("chats whose sharing broke off are erased after a day, with their messages; all others stay", async () => {
  const half = await OwnedChat.create(server);
  await half.upload([message(half.owner), message(half.owner), message(half.owner)]);
  const whole = await OwnedChat.shared(server);
  const before = await stored(whole.chat);
  let now = Date.now();
  const abandoned = new AbandonedChats({ database: server.database, log: new KeptLog(), now: () => now });
  now += 23 * HOUR;
  expect(await abandoned.sweep()).toBe(0);
  expect(await stored(half.chat)).toEqual({ chats: 1, messages: 3 });
  now += 2 * HOUR;
  expect(await abandoned.sweep()).toBe(1);
  expect(await stored(half.chat)).toEqual({ chats: 0, messages: 0 });
  expect(await stored(whole.chat)).toEqual(before);
  expect(await abandoned.sweep()).toBe(0);
  await abandoned.stop();
});
