import { decode } from "@msgpack/msgpack";
import { MATE_NAME, memoryStore, type Room, type SecretStore } from "@openmates-share/client";
import {
  claimSender,
  type Identity,
  loadIdentity,
  type StoredIdentity,
  senderIdOf,
} from "@openmates-share/protocol/crypto";
import {
  type AskId,
  type Bytes,
  type ChatId,
  fromBase64url,
  idBytes,
  KIND,
  type MessageId,
  newId,
  type SenderId,
  toBase64url,
  WRAPPED_REPLY_KEY_LENGTH,
} from "@openmates-share/protocol/wire";
import { startModel, type TestModel } from "@openmates-share/testing/model";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { message } from "./owned-chat.ts";
import { live, mateOf, messagesOf, ShareWorld, says, shareChat, textsOf } from "./share-world.ts";
import { type Stranger, strangerAt } from "./stranger.ts";
import type { TestClient } from "./test-client.ts";
import { until } from "./until.ts";

/** Two honest people at two nodes, and a member who sends what no client of ours would. */
let world: ShareWorld;
const lines: TestClient[] = [];
let model: TestModel;
beforeAll(async () => {
  model = await startModel();
  world = await ShareWorld.start({ mate: mateOf(model) });
});
afterEach(async () => {
  for (const line of lines.splice(0)) line.close();
  await world.closeClients();
});
afterAll(async () => {
  await world.stop();
  await model.stop();
});

async function mallory(url: string): Promise<Stranger> {
  const stranger = await strangerAt(world, { node: 0, url });
  lines.push(stranger.line);
  return stranger;
}

async function ownAnswer({ line, person, join }: Stranger) {
  const { chat } = join;
  const asking = message(person.identity.sender);
  await line.request("send", { chat, message: asking });
  const ask = newId<AskId>();
  const wrappedReplyKey = new Uint8Array(WRAPPED_REPLY_KEY_LENGTH);
  const { stream } = await line.request("answer", { chat, ask, message: asking.id, wrappedReplyKey, epoch: 1 });
  return { chat, ask, stream };
}

async function isSealed(room: Room): Promise<void> {
  await until(() => room.state.integrity.state !== "checking");
  expect(room.state.integrity).toMatchObject({ state: "sealed" });
}

async function together() {
  const owner = world.client();
  const { chat, url, room } = await shareChat(owner);
  const store = memoryStore();
  const theirs = world.client({ node: 1, store });
  const grace = await live(theirs.open(url, { name: "Grace" }));
  await grace.join("Grace");
  return { owner, theirs, store, chat, url, room, grace };
}

/** Who a device writes as, and its session. */
async function deviceIn(store: SecretStore): Promise<{ identity: Identity; session: string }> {
  const bytes = await store.get("device");
  if (!bytes) throw new Error("A device that writes has a key.");
  const { privateKey, publicKey, session } = decode(bytes) as StoredIdentity & { session: string };
  return { identity: await loadIdentity({ privateKey, publicKey }), session };
}

function bitFlipped(claim: Bytes): Bytes {
  const flipped = claim.slice();
  flipped[70] = (flipped[70] ?? 0) ^ 1;
  return flipped;
}

test("A90: an answer under a key that is garbage doesn't break the chat for anybody", async () => {
  const { owner, chat, url, room, grace } = await together();
  const member = await mallory(url);
  await member.line.request("join", member.join);
  await ownAnswer(member);
  const late = await live(world.client({ node: 1 }).open(url, { name: "Late" }));
  for (const one of [room, grace, late]) {
    await until(() => one.state.answers.length === 1 || one.state.integrity.state === "violated");
    await isSealed(one);
    expect(one.state.answers).toMatchObject([{ state: "running", text: "" }]);
  }
  await owner.updateShared(chat);
});

test("T90: who has an own message erased with another word than that breaks the chat for nobody", async () => {
  const { owner, chat, url, room, grace } = await together();
  const member = await mallory(url);
  await member.line.request("join", member.join);
  const [said, word] = [
    message(member.person.identity.sender),
    message(member.person.identity.sender, { kind: KIND.amendment }),
  ];
  const { seq } = await member.line.request("send", { chat, message: said });
  await member.line.request("send", { chat, message: word });
  const path = `/api/chats/${chat}/messages/${said.id}?amendment=${word.id}`;
  const headers = { authorization: `Bearer ${member.person.session}` };
  expect((await fetch(world.urlOf(0) + path, { method: "DELETE", headers })).status).toBe(204);
  await room.send("Go on.");
  await says(grace, "Go on.");
  const late = await live(world.client({ node: 1 }).open(url, { name: "Late" }));
  for (const one of [room, grace, late]) {
    await one.load(1, seq);
    await isSealed(one);
  }
  const kept = messagesOf(late).find((one) => one.seq === seq)?.body;
  expect(kept).toMatchObject({ type: "broken", code: "head_mismatch", message: expect.stringContaining("kept back") });
  await owner.updateShared(chat);
  // The owner says what the member didn't.
  await room.redact(said.id);
  for (const one of [grace, late]) {
    await until(() => messagesOf(one).some(({ body }) => body.type === "redacted" && body.by === "owner"));
    await isSealed(one);
  }
});

test("T91: nobody writes as somebody who has left, nor as the mate, and so erases nothing of theirs", async () => {
  const { owner, theirs, store, chat, url, room, grace } = await together();
  model.answer("hello", { text: "Hello." });
  const answer = await room.ask(await room.send(`@${MATE_NAME} hello`));
  await until(() => messagesOf(room).some(({ body }) => body.type === "reply" && body.ask === answer));
  const graces = grace.state.me;
  if (!graces) throw new Error("Grace writes.");
  const spoken = await grace.send("Mine.");
  await says(room, "Mine.");
  const { line, join, person } = await mallory(url);
  const mate = await senderIdOf(fromBase64url((await owner.service()).mate.publicKey) ?? new Uint8Array(0));
  expect(await line.refusal("join", { ...join, sender: mate })).toBe("forbidden");
  const { identity } = await deviceIn(store);
  // With her key, as if she had lent it: the sender is her account's all the same.
  const asGrace = { ...join, sender: graces, claim: await claimSender({ identity, chat, session: person.session }) };
  expect(await line.refusal("join", asGrace)).toBe("forbidden");
  await theirs.leave(chat);
  expect(await line.refusal("join", asGrace)).toBe("forbidden");
  await line.request("join", join);
  const word = message(person.identity.sender, { kind: KIND.amendment });
  await line.request("send", { chat, message: word });
  for (const id of [spoken, answer as string as MessageId]) {
    const path = `/api/chats/${chat}/messages/${id}?amendment=${word.id}`;
    const headers = { authorization: `Bearer ${person.session}` };
    expect((await fetch(world.urlOf(0) + path, { method: "DELETE", headers })).status).toBe(403);
  }
});

test("T92: nobody comes into a chat first as somebody whose sender id they know from another one", async () => {
  const { theirs, store, chat } = await together();
  const { identity, session } = await deviceIn(store);
  // She has the link, as Mallory has, and has not opened it.
  const next = await shareChat(world.client());
  const { line, join, person } = await mallory(next.url);
  const asGrace = { ...join, sender: identity.sender };
  const there = { chat: next.chat, session: person.session };
  const mine = await claimSender({ identity: person.identity, ...there });
  for (const claim of [
    null,
    mine,
    // Hers, overheard: made for her own session, and for another chat.
    await claimSender({ identity, chat: next.chat, session }),
    await claimSender({ identity, chat, session: person.session }),
    bitFlipped(await claimSender({ identity, ...there })),
  ]) {
    expect(await line.refusal("join", { ...asGrace, claim })).toBe("forbidden");
  }
  // Nor does another session of Mallory's own take what was made for the first one.
  const second = await mallory(next.url);
  expect(await second.line.refusal("join", { ...second.join, sender: join.sender, claim: mine })).toBe("forbidden");
  expect(await world.database.database.member.count({ where: { chatId: idBytes(next.chat) } })).toBe(0);
  const room = await live(theirs.open(next.url, { name: "Grace" }));
  await room.send("It is me.");
  await says(next.room, "It is me.");
  expect(room.state.me).toBe(identity.sender);
  // Who is in comes back without proving it again.
  await line.request("join", { ...join, claim: mine });
  await line.request("leave", { chat: next.chat });
  await line.request("join", { ...join, claim: null });
});

test("T92: nobody makes a chat whose owner is another's sender", async () => {
  const { store } = await together();
  const grace = await deviceIn(store);
  const { person } = await mallory((await shareChat(world.client())).url);
  const chat = newId<ChatId>();
  const headers = { authorization: `Bearer ${person.session}`, "content-type": "application/json" };
  const make = async (owner: SenderId, claim: Bytes) => {
    const body = JSON.stringify({ chat, owner, claim: toBase64url(claim) });
    return (await fetch(`${world.urlOf(0)}/api/chats`, { method: "POST", headers, body })).status;
  };
  const mine = await claimSender({ identity: person.identity, chat, session: person.session });
  expect(await make(grace.identity.sender, mine)).toBe(403);
  expect(await make(grace.identity.sender, await claimSender({ ...grace, chat }))).toBe(403);
  expect(await make(person.identity.sender, bitFlipped(mine))).toBe(403);
  expect(await make(person.identity.sender, mine)).toBe(201);
});

test("A91: pieces smaller than any sealed one are refused, and so is what names another chat than the answer's", async () => {
  const { url, grace } = await together();
  const other = await shareChat(world.client());
  const member = await mallory(url);
  await member.line.request("join", member.join);
  const { link } = (await mallory(other.url)).join;
  await member.line.request("join", { ...member.join, chat: other.chat, link });
  const stream = await ownAnswer(member);
  const relay = { ...stream, index: 0, pieces: [new Uint8Array(80)] };
  expect(await member.line.refusal("relay", { ...relay, pieces: [new Uint8Array(79)] })).toBe("bad_request");
  expect(await member.line.refusal("relay", { ...relay, chat: other.chat })).toBe("conflict");
  const settle = { ...stream, chat: other.chat, end: { type: "interrupted" } };
  expect(await member.line.refusal("settle", settle)).toBe("conflict");
  await until(() => grace.state.answers.length === 1);
  await member.line.request("relay", relay);
  expect(textsOf(grace)).not.toContain("");
});

test("a message in the place of an answer leaves nobody waiting for that", async () => {
  const { url, room, grace } = await together();
  const member = await mallory(url);
  await member.line.request("join", member.join);
  const release = model.begin("take your time", { text: "One word, and another.", pieces: 1 });
  const ask = await room.ask(await room.send(`@${MATE_NAME} take your time`));
  for (const one of [room, grace]) await until(() => one.state.answers.length === 1);
  const inTheWay = { ...message(member.person.identity.sender), id: ask as string as MessageId };
  await member.line.request("send", { chat: room.chat, message: inTheWay });
  release();
  for (const one of [room, grace]) await until(() => one.state.answers.length === 0);
  await until(async () => {
    const where = { chatId_id: { chatId: idBytes(room.chat), id: idBytes(ask) } };
    return (await world.database.database.ask.findUniqueOrThrow({ where })).state === "failed";
  });
  for (const one of [room, grace]) expect(one.state.answers).toEqual([]);
});
