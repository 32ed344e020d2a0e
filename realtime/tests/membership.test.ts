import {
  type ChatId,
  idBytes,
  type LinkAccess,
  newId,
  parseLinkBearer,
  type SenderId,
} from "@openmates-share/protocol/wire";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Gate } from "../src/access/gate.ts";
import { Revocations } from "../src/access/revocations.ts";
import { type AccountId, accountBytes } from "../src/accounts/account-id.ts";
import { Sessions } from "../src/accounts/sessions.ts";
import { Membership } from "../src/chats/membership.ts";
import { type NewLink, OwnedChat } from "./owned-chat.ts";
import { startTestServer, type TestServer } from "./test-server.ts";

let server: TestServer;
let gate: Gate;
let membership: Membership;
beforeAll(async () => {
  server = await startTestServer();
  gate = new Gate(server);
  membership = new Membership({ database: server.database, gate, revocations: new Revocations() });
});
afterAll(() => server.stop());

async function account(): Promise<AccountId> {
  return accountOf(await server.guest());
}

async function accountOf(session: string): Promise<AccountId> {
  const found = await new Sessions(server).find(session);
  if (found === null) throw new Error("a session that was just made is known");
  return found;
}

function shows({ bearer }: NewLink): LinkAccess {
  const access = parseLinkBearer(bearer);
  if (access === null) throw new Error("a bearer that was just made can be read");
  return access;
}

async function open(): Promise<{ owned: OwnedChat; chat: ChatId; link: LinkAccess }> {
  const owned = await OwnedChat.shared(server);
  return { owned, chat: owned.chat, link: shows(await owned.link({ mode: "collaborative" })) };
}

describe("joining", () => {
  test("makes a member, once, however often and at once it is asked", async () => {
    const { chat, link } = await open();
    const [me, sender] = [await account(), newId<SenderId>()];
    const join = () => membership.join({ chat, account: me, link, sender });
    await Promise.all([join(), join(), join()]);
    await membership.join({ chat, account: me, link: null, sender });
    expect(await server.database.member.count({ where: { chatId: idBytes(chat) } })).toBe(1);
    const access = await gate.check({ chat, account: me, link: null });
    expect(access).toMatchObject({ role: "member", mayWrite: true, sender, link: link.link, shown: null });
  });

  test("needs a live collaborative link with the right token", async () => {
    const { owned, chat, link } = await open();
    const [me, sender] = [await account(), newId<SenderId>()];
    const readOnly = shows(await owned.link());
    await expect(membership.join({ chat, account: me, link: readOnly, sender })).rejects.toMatchObject({
      code: "forbidden",
    });
    const forged = { ...link, token: new Uint8Array(32) };
    await expect(membership.join({ chat, account: me, link: forged, sender })).rejects.toMatchObject({
      code: "not_found",
    });
    await expect(membership.join({ chat, account: me, link: null, sender })).rejects.toMatchObject({
      code: "not_found",
    });
    await owned.expect(204, `DELETE /links/${link.link}`);
    await expect(membership.join({ chat, account: me, link, sender })).rejects.toMatchObject({ code: "not_found" });
  });

  test("gives a sender to one account, and an account one sender", async () => {
    const { owned, chat, link } = await open();
    const [me, other, sender] = [await account(), await account(), newId<SenderId>()];
    await membership.join({ chat, account: me, link, sender });
    for (const request of [
      { account: other, sender },
      { account: me, sender: newId<SenderId>() },
      { account: other, sender: owned.owner },
      { account: await accountOf(owned.session), sender: newId<SenderId>() },
    ]) {
      await expect(membership.join({ chat, link, ...request })).rejects.toMatchObject({ code: "forbidden" });
    }
    await membership.join({ chat, account: await accountOf(owned.session), link: null, sender: owned.owner });
  });

  test("gives a sender that two accounts want at once to one of them", async () => {
    const { chat, link } = await open();
    const sender = newId<SenderId>();
    const accounts = await Promise.all(Array.from({ length: 5 }, account));
    const joins = accounts.map((me) => membership.join({ chat, account: me, link, sender }));
    const results = await Promise.allSettled(joins);
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });

  test("ends with the link it came by; another link brings the same person back as the same sender", async () => {
    const { owned, chat, link } = await open();
    const [me, sender] = [await account(), newId<SenderId>()];
    await membership.join({ chat, account: me, link, sender });
    await owned.expect(204, `DELETE /links/${link.link}`);
    await expect(gate.check({ chat, account: me, link })).rejects.toMatchObject({ code: "not_found" });
    const second = shows(await owned.link({ mode: "collaborative" }));
    await membership.join({ chat, account: me, link: second, sender });
    expect(await gate.check({ chat, account: me, link: null })).toMatchObject({ role: "member", link: second.link });
  });

  test("T91: leaves the sender of who has left to them alone, and that of an erased account to nobody", async () => {
    const { chat, link } = await open();
    const [me, other, sender] = [await account(), await account(), newId<SenderId>()];
    const join = (who: AccountId) => membership.join({ chat, account: who, link, sender });
    await join(me);
    await membership.leave({ chat, account: me, link: null });
    await expect(join(other)).rejects.toMatchObject({ code: "forbidden" });
    await join(me);
    await server.database.account.delete({ where: { id: accountBytes(me) } });
    expect(await server.database.member.count({ where: { chatId: idBytes(chat) } })).toBe(0);
    await expect(join(other)).rejects.toMatchObject({ code: "forbidden" });
    await membership.join({ chat, account: other, link, sender: newId<SenderId>() });
  });

  test("does not bring back who was removed while they came in", async () => {
    const { chat, link } = await open();
    const [me, sender] = [await account(), newId<SenderId>()];
    const access = await gate.check({ chat, account: me, link });
    await membership.join({ chat, account: me, link, sender, access });
    await server.database.member.updateMany({ where: { chatId: idBytes(chat) }, data: { removedAt: new Date() } });
    await expect(membership.join({ chat, account: me, link, sender, access })).rejects.toMatchObject({
      code: "forbidden",
    });
    await expect(gate.check({ chat, account: me, link: null })).rejects.toMatchObject({ code: "not_found" });
  });
});
