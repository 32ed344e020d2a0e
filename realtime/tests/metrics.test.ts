import { createTestDatabase, type TestDatabase } from "@openmates-share/testing/database";
import { type ServerProcess, startServer } from "@openmates-share/testing/server-process";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createChat, createPerson, type TestChat, write } from "./chat-world.ts";
import { TestClient } from "./test-client.ts";

let world: TestDatabase;
let server: ServerProcess;
let metricsUrl: string;
let chat: TestChat;
beforeAll(async () => {
  world = await createTestDatabase();
  server = await startServer({ databaseUrl: world.databaseUrl, env: { METRICS_PORT: "0" } });
  metricsUrl = /^metrics (http:\/\/127\.0\.0\.1:\d+\/metrics)$/m.exec(server.output())?.[1] ?? "";
  chat = await createChat(world.database);
});
afterAll(async () => {
  await server.stop();
  await world.stop();
});

/** The value of one line, its labels included in the name. */
function figure(text: string, name: string): number {
  const line = text.split("\n").find((each) => each.startsWith(`openmates_share_${name} `));
  return Number(line?.split(" ").at(-1) ?? Number.NaN);
}

test("what happens is counted, and no figure tells of whom or what", async () => {
  const owner = await TestClient.connect({ url: server.url, session: chat.owner.session });
  const { sender } = chat.owner.identity;
  await owner.request("join", { chat: chat.chat, link: null, sender, after: 0 });
  for (const text of ["one", "two"]) {
    await owner.request("send", { chat: chat.chat, message: await write(chat, { by: chat.owner, text }) });
  }
  const stranger = await TestClient.connect({ url: server.url, session: (await createPerson(world.database)).session });
  expect(await stranger.refusal("history", { chat: chat.chat, after: 0 })).toBe("forbidden");
  await Promise.all(Array.from({ length: 60 }, () => stranger.raw("typing", {})));
  await fetch(`${server.url}/api/chats/${chat.chat}`);

  const text = await (await fetch(metricsUrl)).text();
  expect(figure(text, "connections")).toBe(2);
  expect(figure(text, "rooms")).toBe(1);
  expect(figure(text, "messages_committed_total")).toBe(2);
  expect(figure(text, "commit_batch_messages_count")).toBe(2);
  expect(figure(text, "commit_seconds_count")).toBe(2);
  expect(figure(text, "deliveries_total")).toBeGreaterThan(4);
  expect(figure(text, 'refusals_total{door="socket",code="forbidden"}')).toBe(1);
  expect(figure(text, 'refusals_total{door="http",code="not_found"}')).toBe(1);
  expect(figure(text, 'rate_limited_total{limit="socket-typing"}')).toBeGreaterThan(0);
  expect(figure(text, "database_pool_connections")).toBeGreaterThan(0);
  expect(text).toContain("nodejs_eventloop_lag_p99_seconds");
  for (const secret of [chat.chat, sender, chat.owner.account, chat.owner.session, "127.0.0.1"]) {
    expect(text).not.toContain(secret);
  }
  owner.close();
  stranger.close();
});

test("the public port says nothing of it, and the metrics' port nothing else", async () => {
  expect((await fetch(`${server.url}/metrics`)).status).toBe(404);
  expect((await fetch(new URL("/healthz", metricsUrl))).status).toBe(404);
  expect((await fetch(metricsUrl, { method: "POST" })).status).toBe(404);
});
