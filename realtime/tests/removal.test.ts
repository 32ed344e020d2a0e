import { LLMock } from "@copilotkit/aimock";
import type { Room } from "@openmates-share/client";
import type { AskId } from "@openmates-share/protocol/wire";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { live, messagesOf, ShareWorld, says, shareChat } from "./share-world.ts";
import { type Stranger, strangerAt } from "./stranger.ts";
import { TestClient } from "./test-client.ts";
import { until } from "./until.ts";

const LONG = "All work and no play makes a dull answer. ".repeat(1_500);

const model = new LLMock({ port: 0, logLevel: "silent" });
let world: ShareWorld;
const lines: TestClient[] = [];
beforeAll(async () => {
  await model.start();
  model.onMessage(/slow/, { content: LONG }, { chunkSize: 10, latency: 15 });
  const mate = { type: "openai", apiKey: "k", baseUrl: `${model.url}/v1`, models: [{ id: "m", name: "M" }] } as const;
  world = await ShareWorld.start({ mate });
});
afterEach(async () => {
  for (const line of lines.splice(0)) line.close();
  await world.closeClients();
});
afterAll(async () => {
  await world.stop();
  await model.stop();
});

/** Somebody who came by a link at the other server, as a bare line that keeps all it hears. */
async function listens(url: string): Promise<Stranger> {
  const stranger = await strangerAt(world, { node: 1, url });
  lines.push(stranger.line);
  await stranger.line.request("join", stranger.join);
  return stranger;
}

/** A long answer has begun. */
async function asked(room: Room): Promise<AskId> {
  const ask = await room.ask(await room.send("@OpenMates slow"));
  await until(() => room.state.answers.some(({ text }) => text.length > 100));
  return ask;
}

const answered = (room: Room) => until(() => messagesOf(room).some(({ body }) => body.type === "reply"));

test("a removed person hears nothing of a running answer from then on, and can't come back by the same link", async () => {
  const owner = world.client({ node: 0 });
  const { chat, url, room } = await shareChat(owner);
  const { person, line, join } = await listens(url);
  const staying = await listens(url);
  const ask = await asked(room);
  await until(() => line.heard("delta").length > 2);

  await owner.removePerson(chat, person.identity.sender);
  await line.hears("removed");
  const heard = () =>
    (["delta", "messages", "ask", "typing", "presence", "changed"] as const).map((e) => line.heard(e).length);
  const before = heard();
  for (const event of ["join", "history"]) {
    const request = event === "join" ? join : { chat, after: 0 };
    expect(["not_found", "forbidden"]).toContain(await line.refusal(event, request));
  }
  // The answer goes on for those who stay, for a while at least.
  const pieces = staying.line.heard("delta").length;
  await until(() => staying.line.heard("delta").length > pieces + 2);
  await room.stop(ask);
  await answered(room);
  await room.send("Among us");
  await until(() => staying.line.heard("messages").length > 1);
  await line.settled();
  expect(heard()).toEqual(before);

  // Who comes late gets no piece either, by whichever door.
  const again = await TestClient.connect({ url: world.urlOf(0), session: person.session });
  lines.push(again);
  expect(await again.refusal("join", join)).toBe("not_found");
  for (const path of ["", "/messages", "/spine", "/amendments", "/keys"]) {
    const headers = { authorization: `Bearer ${person.session}`, "x-share-link": join.link };
    expect((await fetch(`${world.urlOf(1)}/api/chats/${chat}${path}`, { headers })).status, path).toBe(404);
  }
});

test("a member who leaves hears nothing more on any server, and may come back by the link", async () => {
  const owner = world.client({ node: 0 });
  const { chat, url, room } = await shareChat(owner);
  const bo = world.client({ node: 1 });
  const bos = await live(bo.open(url, { name: "Bo" }));
  await bos.join("Bo");
  const elsewhere = await live(bo.reopen(chat));
  await until(() => room.state.people.some(({ name, present }) => name === "Bo" && present));
  await (await owner.handingOver()).offer(chat, bos.state.me ?? room.state.owner);
  await bo.leave(chat);
  await until(() => room.state.people.some(({ name, present }) => name === "Bo" && !present));
  await until(() => room.state.offeredTo === null);
  expect(await owner.people(chat)).toEqual([]);
  expect(await bo.chats()).toEqual([]);
  await expect(elsewhere.send("Still here?")).rejects.toMatchObject({ code: expect.any(String) });
  await expect(owner.leave(chat)).rejects.toMatchObject({ code: "forbidden" });

  const back = await live(bo.open(url, { name: "Bo" }));
  await back.send("I am back");
  await says(room, "I am back");
});
