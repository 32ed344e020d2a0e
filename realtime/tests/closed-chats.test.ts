import type { Room, ShareClient } from "@openmates-share/client";
import { createReplyKey, wrapReplyKey } from "@openmates-share/protocol/crypto";
import { type AskId, idBytes, KIND, newId } from "@openmates-share/protocol/wire";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { Committer } from "../src/messages/committer.ts";
import { createChat, createLink, createPerson, type TestChat, type TestPerson, write } from "./chat-world.ts";
import { message } from "./owned-chat.ts";
import { live, messagesOf, ShareWorld, says, shareChat, textsOf } from "./share-world.ts";
import { TestClient } from "./test-client.ts";
import { until } from "./until.ts";

let world: ShareWorld;
beforeAll(async () => {
  world = await ShareWorld.start();
});
afterAll(() => world.stop());
afterEach(() => world.closeClients());

/** A chat of an owner at one server, with a member at the other who has said something. */
async function together(): Promise<{ owner: ShareClient; ours: Room; theirs: Room; url: string }> {
  const owner = world.client({ node: 0 });
  const { url, room } = await shareChat(owner);
  const theirs = await live(world.client({ node: 1 }).open(url, { name: "Bo" }));
  await theirs.join("Bo");
  await theirs.send("Before");
  await says(room, "Before");
  return { owner, ours: room, theirs, url };
}

describe("closing a chat to writing", () => {
  test("is seen at once on both servers; the owner writes on, nobody else, until it is opened again", async () => {
    const { owner, ours, theirs, url } = await together();
    expect([ours.state.closed, theirs.state.closed]).toEqual([false, false]);
    await owner.setClosed(ours.chat, true);
    await until(() => ours.state.closed && theirs.state.closed);
    const mine = messagesOf(theirs).at(-1)?.id ?? newId();
    const acts = [theirs.send("After"), theirs.edit(mine, "Afterwards"), theirs.redact(mine), theirs.join("Bob")];
    await Promise.all(acts.map((act) => expect(act).rejects.toMatchObject({ code: "chat_closed" })));
    await ours.send("Only me");
    await says(theirs, "Only me");

    const late = await live(world.client({ node: 1 }).open(url, { name: "Cy" }));
    expect(late.state).toMatchObject({ closed: true, role: "member" });
    await expect(late.send("Hello")).rejects.toMatchObject({ code: "chat_closed" });

    await owner.setClosed(ours.chat, false);
    await until(() => !theirs.state.closed && !late.state.closed);
    await theirs.send("Again");
    await says(ours, "Again");
    expect(textsOf(ours)).toEqual(["One", "Two", "Three", "Before", "Only me", "Again"]);
  });

  test("is for the owner alone", async () => {
    const { theirs } = await together();
    const member = world.client({ node: 1 });
    await expect(member.setClosed(theirs.chat, true)).rejects.toMatchObject({ code: "no_key" });
    const answer = await fetch(`${world.urlOf(1)}/api/chats/${theirs.chat}/closed`, {
      method: "PUT",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ closed: true }),
    });
    expect(answer.status).toBe(404);
  });
});

/** A member whose seat was checked a moment ago: the server has no reason to look again. */
async function seated(): Promise<{ chat: TestChat; member: TestPerson; client: TestClient }> {
  const { database } = world.database;
  const chat = await createChat(database);
  const { bearer } = await createLink(database, { chat: chat.chat, mode: "collaborative" });
  const member = await createPerson(database);
  const client = await TestClient.connect({ url: world.urlOf(0), session: member.session });
  await client.request("join", { chat: chat.chat, link: bearer, sender: member.identity.sender, after: 0 });
  return { chat, member, client };
}

async function close({ chat }: TestChat): Promise<void> {
  await world.database.database.chat.update({ where: { id: idBytes(chat) }, data: { closed: true } });
}

describe("a chat that is closed without anybody's being told", () => {
  test("takes no message, amendment or question of members, and knows what it has", async () => {
    const { chat, member, client } = await seated();
    const said = await write(chat, { by: member, text: "@OpenMates?" });
    const receipt = await client.request("send", { chat: chat.chat, message: said });
    await close(chat);
    const { sender } = member.identity;
    const refusal = (sent: typeof said) => client.refusal("send", { chat: chat.chat, message: sent });
    expect(await refusal(await write(chat, { by: member, text: "more" }))).toBe("chat_closed");
    expect(await refusal(message(sender, { kind: KIND.amendment }))).toBe("chat_closed");
    expect(await client.request("send", { chat: chat.chat, message: said })).toEqual(receipt);

    const [ask, replyKey] = [newId<AskId>(), createReplyKey()];
    const asked = {
      chat: chat.chat,
      ask,
      message: said.id,
      replyKey,
      wrappedReplyKey: await wrapReplyKey({ chatKey: chat.key, ask, replyKey }),
      epoch: 1,
      context: [{ role: "user" as const, name: "", text: "?" }],
      model: null,
    };
    expect(await client.refusal("ask", asked)).toBe("chat_closed");
    client.close();
  });

  test("has, from the moment it is closed, no message of members that came later", async () => {
    const { chat, member, client } = await seated();
    const committer = new Committer(world.database);
    const author = { type: "account", account: member.account } as const;
    const sent = Array.from({ length: 200 }, () => message(member.identity.sender));
    const receipts = sent.map(async (each) => {
      // In commits of their own, so that the closing comes between them.
      await new Promise((resolve) => setImmediate(resolve));
      return committer.append({ chat: chat.chat, author, message: each });
    });
    // Looked at from the first moment: some are refused while others are still to come.
    const sending = Promise.allSettled(receipts);
    await receipts[0];
    await close(chat);
    const { lastSeq } = await world.database.database.chat.findUniqueOrThrow({ where: { id: idBytes(chat.chat) } });
    const late = Array.from({ length: 20 }, () =>
      committer.append({ chat: chat.chat, author, message: message(member.identity.sender) }),
    );
    const settled = [...(await sending), ...(await Promise.allSettled(late))];
    const stored = settled.flatMap((each) => (each.status === "fulfilled" ? [each.value.seq] : []));
    expect(stored.toSorted((a, b) => a - b)).toEqual(Array.from({ length: lastSeq }, (_, i) => i + 1));
    const refused = settled.flatMap((each) => (each.status === "rejected" ? [each.reason.code] : []));
    expect(refused.length).toBeGreaterThanOrEqual(late.length);
    expect(new Set(refused)).toEqual(new Set(["chat_closed"]));
    await committer.stop();
    client.close();
  });
});
