import { type EmbedId, newId, partLength, toBase64url, WRAPPED_KEY_LENGTH } from "@openmates-share/protocol/wire";
import { afterAll, beforeAll, expect, test } from "vitest";
import { newLink, OwnedChat } from "./owned-chat.ts";
import { startTestServer, type TestServer } from "./test-server.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

/** Somebody makes a chat under that id. */
async function remake(session: string, chat: OwnedChat): Promise<number> {
  return (await server.call("POST /api/chats", { session, json: chat.making(session) })).status;
}

test("a chat that had a link and was deleted does not come back under its id, made by who has the link still", async () => {
  const deleted = await OwnedChat.shared(server);
  await deleted.link();
  await deleted.expect(204, "DELETE");
  expect(await remake(await server.guest(), deleted)).toBe(409);
  expect(await remake(deleted.session, deleted)).toBe(409);
});

test("a chat that never had a link may be made again, as sharing does that broke off", async () => {
  const unshared = await OwnedChat.create(server);
  await unshared.expect(204, "DELETE");
  expect(await remake(unshared.session, unshared)).toBe(201);
});

test("nor does a file that had a link", async () => {
  const session = await server.guest();
  const embed = newId<EmbedId>();
  const size = 1024 + 16;
  const make = async (by: string) =>
    (await server.call("POST /api/embeds", { session: by, json: { embed, chat: null, size } })).status;
  const expectOk = async (route: string, call: Parameters<TestServer["call"]>[1]) => {
    const { status, bytes } = await server.call(route, { session, ...call });
    if (status >= 300) throw new Error(`${route}: ${status} ${bytes.toString()}`);
  };
  expect(await make(session)).toBe(201);
  await expectOk(`PUT /api/embeds/${embed}/parts/0`, {
    raw: new Uint8Array(partLength(size, 0)),
    type: "application/octet-stream",
  });
  await expectOk(`POST /api/embeds/${embed}/complete`, { json: { header: toBase64url(new Uint8Array(200)) } });
  const { link, tokenHash, label } = newLink().body;
  const wrappedKey = toBase64url(new Uint8Array(WRAPPED_KEY_LENGTH));
  await expectOk(`POST /api/embeds/${embed}/links`, { json: { link, tokenHash, label, wrappedKey, expiresAt: null } });
  await expectOk(`DELETE /api/embeds/${embed}`, {});
  expect(await make(await server.guest())).toBe(409);
});
