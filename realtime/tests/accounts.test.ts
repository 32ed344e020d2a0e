import { randomBytes } from "node:crypto";
import { idBytes, type SenderId, type SignedIn, type SyncedKeyring } from "@openmates-share/protocol/wire";
import { codeIn, startMail, type TestMail } from "@openmates-share/testing/mail";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { accountBytes } from "../src/accounts/account-id.ts";
import { Sessions } from "../src/accounts/sessions.ts";
import { newWriter } from "./claims.ts";
import { OwnedChat } from "./owned-chat.ts";
import { mailConfig, newAddress, SigningIn } from "./signing-in.ts";
import { TestClient } from "./test-client.ts";
import { startTestServer, type TestServer } from "./test-server.ts";
import { until } from "./until.ts";

let mail: TestMail;
let server: TestServer;
let person: SigningIn;
beforeAll(async () => {
  mail = await startMail();
  server = await startTestServer({ mail: mailConfig(mail) });
  person = new SigningIn({ server, mail });
});
afterAll(async () => {
  await server.stop();
  await mail.stop();
});

async function accountOf(session: string) {
  const account = await new Sessions(server).find(session);
  if (!account) throw new Error("The session is valid.");
  return accountBytes(account);
}

const status = async (route: string, session: string, json?: unknown) =>
  (await server.call(route, { session, ...(json === undefined ? {} : { json }) })).status;

/** Joins over the socket, as a member who comes by the link. */
async function join(
  chat: OwnedChat,
  { session, link, sender }: { session: string; link: string | null; sender: SenderId },
) {
  const client = await TestClient.connect({ url: server.url, session });
  const joined = await client.request("join", { chat: chat.chat, after: 0, sender, link });
  client.close();
  return joined;
}

describe("a guest who signs in", () => {
  test("with an address nobody has becomes somebody, with the same chats and a new session", async () => {
    const owned = await OwnedChat.shared(server);
    const session = await person.as(newAddress(), { session: owned.session });
    expect(await person.account(session)).toMatchObject({ signedIn: true, chats: 1 });
    expect(await status(`GET /api/chats/${owned.chat}/links`, session)).toBe(200);
    expect(await person.isValid(owned.session)).toBe(false);
  });

  test("brings chats, memberships and asks to the account that is there already", async () => {
    const email = newAddress();
    const first = await person.as(email);
    const owned = await OwnedChat.shared(server);
    const other = await OwnedChat.shared(server);
    const { bearer, id } = await other.link({ mode: "collaborative" });
    const { sender } = await newWriter();
    await join(other, { session: owned.session, link: bearer, sender });
    const guest = await accountOf(owned.session);
    await server.database.ask.create({
      data: {
        chatId: owned.id,
        id: new Uint8Array(randomBytes(16)),
        messageId: new Uint8Array(16),
        askerAccount: guest,
        state: "answered",
        streamId: new Uint8Array(16),
        wrappedReplyKey: new Uint8Array(60),
        epoch: 1,
      },
    });

    const session = await person.as(email, { session: owned.session });
    expect(await person.account(first)).toMatchObject({ chats: 1, memberships: 1 });
    const account = await accountOf(session);
    expect(await server.database.ask.count({ where: { askerAccount: account } })).toBe(1);
    expect(await server.database.member.findFirst({ where: { accountId: account } })).toMatchObject({
      sender: idBytes(sender),
      linkId: idBytes(id),
    });
    expect(await server.database.account.count({ where: { id: guest } })).toBe(0);
    expect(await person.isValid(owned.session)).toBe(false);
    expect(await person.isValid(first)).toBe(true);
  });

  test("stays one member of a chat that both were in, as the one whom others know", async () => {
    const email = newAddress();
    const [first, guest] = [await person.as(email), await server.guest()];
    const chat = await OwnedChat.shared(server);
    const { bearer: link } = await chat.link({ mode: "collaborative" });
    const [known, lost] = [(await newWriter()).sender, (await newWriter()).sender];
    await join(chat, { session: first, link, sender: known });
    await join(chat, { session: guest, link, sender: lost });
    await person.as(email, { session: guest });
    const members = await server.database.member.findMany({ where: { chatId: chat.id } });
    expect(members.map(({ sender }) => sender)).toEqual([idBytes(known)]);
  });

  test("keeps the membership that is alive", async () => {
    const email = newAddress();
    const [first, guest] = [await person.as(email), await server.guest()];
    const chat = await OwnedChat.shared(server);
    const [dead, alive] = [await chat.link({ mode: "collaborative" }), await chat.link({ mode: "collaborative" })];
    const { sender } = await newWriter();
    await join(chat, { session: first, link: dead.bearer, sender: (await newWriter()).sender });
    await join(chat, { session: guest, link: alive.bearer, sender });
    await chat.expect(204, `DELETE /links/${dead.id}`);
    const session = await person.as(email, { session: guest });
    expect(await join(chat, { session, link: null, sender })).toMatchObject({ role: "member" });
  });

  test("is owner alone of a chat that one of both owned and the other was a member of", async () => {
    for (const ownerFirst of [true, false]) {
      const email = newAddress();
      const chat = await OwnedChat.shared(server);
      const { bearer: link } = await chat.link({ mode: "collaborative" });
      const owner = ownerFirst ? await person.as(email, { session: chat.session }) : chat.session;
      const other = ownerFirst ? await server.guest() : await person.as(email);
      await join(chat, { session: other, link, sender: (await newWriter()).sender });
      const session = await person.as(email, { session: ownerFirst ? other : owner });
      expect(await server.database.member.count({ where: { chatId: chat.id } })).toBe(0);
      expect(await join(chat, { session, link: null, sender: chat.owner })).toMatchObject({ role: "owner" });
    }
  });

  test("signs in once when it is done twice at once, and nothing is lost", async () => {
    const email = newAddress();
    await person.as(email);
    const owned = await OwnedChat.shared(server);
    const proofs = [await person.ask(email), await person.ask(email)];
    const answers = await Promise.all(
      proofs.map((proof) => person.try({ email, ...proof }, { session: owned.session })),
    );
    expect(answers.map(({ status: code }) => code).sort()[0]).toBe(200);
    expect(await person.account(await person.as(email))).toMatchObject({ chats: 1 });
  });

  test("makes one account of two who prove the same new address at once", async () => {
    const email = newAddress();
    const proofs = [await person.ask(email), await person.ask(email), await person.ask(email)];
    const answers = await Promise.all(proofs.map((proof) => person.try({ email, ...proof })));
    expect(answers.map(({ status: code }) => code)).toEqual([200, 200, 200]);
    const [session = ""] = answers.map(({ body }) => (body as SignedIn).session);
    expect(await person.sessions(session)).toHaveLength(3);
  });
});

describe("somebody signed in as another", () => {
  test("takes nothing along", async () => {
    const chat = await OwnedChat.shared(server);
    const one = await person.as(newAddress(), { session: chat.session });
    const other = await person.as(newAddress(), { session: one });
    expect(await person.account(other)).toMatchObject({ chats: 0 });
    expect(await person.account(one)).toMatchObject({ chats: 1 });
  });
});

describe("sessions", () => {
  test("are listed with device and day, and ended one by one or all at once", async () => {
    const email = newAddress();
    const today = () => new Date().toISOString().slice(0, 10);
    const before = today();
    const [one, two, three] = [await person.as(email), await person.as(email), await person.as(email)];
    const list = await person.sessions(two);
    expect(list).toHaveLength(3);
    expect(list.filter(({ current }) => current)).toHaveLength(1);
    expect(list[0]).toMatchObject({ device: "A test" });
    expect([before, today()]).toContain(list[0]?.lastSeen);
    const [mine] = (await person.sessions(one)).filter(({ current }) => current);
    expect(await status(`DELETE /api/account/sessions/${mine?.id}`, two)).toBe(204);
    expect(await status(`DELETE /api/account/sessions/${mine?.id}`, two)).toBe(404);
    expect(await person.isValid(one)).toBe(false);
    expect(await status("DELETE /api/account/sessions/others", two)).toBe(204);
    expect([await person.isValid(two), await person.isValid(three)]).toEqual([true, false]);
    expect(await status("DELETE /api/account/sessions/current", two)).toBe(204);
    expect(await person.isValid(two)).toBe(false);
  });

  test("of others cannot be seen or ended", async () => {
    const [mine, theirs] = [await person.as(newAddress()), await person.as(newAddress())];
    const [other] = await person.sessions(theirs);
    expect(await status(`DELETE /api/account/sessions/${other?.id}`, mine)).toBe(404);
    expect(await status("DELETE /api/account/sessions", mine)).toBe(204);
    expect(await person.isValid(theirs)).toBe(true);
  });

  test("that end close their sockets", async () => {
    const session = await person.as(newAddress());
    const client = await TestClient.connect({ url: server.url, session });
    await status("DELETE /api/account/sessions", session);
    await until(() => !client.socket.connected);
    client.close();
  });
});

describe("addresses", () => {
  const change = async (session: string, options: { email: string; replaces?: string | null }) => {
    const { email, replaces = null } = options;
    const asked = await server.call("POST /api/account/codes", { session, json: { email } });
    const { request } = asked.body as { request: string };
    const code = codeIn(await mail.to(email));
    return server.call("POST /api/account/addresses", { session, json: { request, email, code, replaces } });
  };

  test("change by a code sent to the new one; the old one hears of it and opens nothing any more", async () => {
    const [old, fresh] = [newAddress(), newAddress()];
    const session = await person.as(old);
    const [identity] = (await person.account(session)).identities;
    expect((await change(session, { email: fresh, replaces: identity?.id ?? null })).status).toBe(204);
    expect((await person.account(session)).identities.map(({ address }) => address)).toEqual([fresh]);
    await until(() => mail.received.some((got) => got.recipients.includes(old) && got.text.includes("was changed")));
    expect(await person.sessions(await person.as(fresh))).toHaveLength(2);
    expect(await person.sessions(await person.as(old))).toHaveLength(1);
  });

  test("of another account are not taken", async () => {
    const [mine, theirs] = [newAddress(), newAddress()];
    const session = await person.as(mine);
    await person.as(theirs);
    expect(await change(session, { email: theirs })).toMatchObject({ status: 409, body: { code: "conflict" } });
  });

  test("are proved for the account that asked, and not by a code for signing in", async () => {
    const [session, other, email] = [await person.as(newAddress()), await person.as(newAddress()), newAddress()];
    const asked = await server.call("POST /api/account/codes", { session, json: { email } });
    const { request } = asked.body as { request: string };
    const json = { request, email, code: codeIn(await mail.to(email)), replaces: null };
    expect((await server.call("POST /api/account/addresses", { session: other, json })).status).toBe(403);
    const signIn = await person.ask(email);
    expect((await server.call("POST /api/account/addresses", { session, json: { ...json, ...signIn } })).status).toBe(
      403,
    );
  });

  test("go one by one, except for the last", async () => {
    const [one, two] = [newAddress(), newAddress()];
    const session = await person.as(one);
    await change(session, { email: two });
    const [first, second] = (await person.account(session)).identities;
    const answers = await Promise.all(
      [first, second].map((identity) => status(`DELETE /api/account/identities/${identity?.id}`, session)),
    );
    expect(answers.sort()).toEqual([204, 403]);
    const other = await person.as(newAddress());
    expect(await status(`DELETE /api/account/identities/${second?.id}`, other)).toBe(404);
  });

  test("are nothing that a guest can add", async () => {
    expect(await change(await server.guest(), { email: newAddress() })).toMatchObject({ status: 403 });
  });
});

describe("deleting the account", () => {
  test("erases its chats, ends its sessions, and leaves what was written elsewhere", async () => {
    const chat = await OwnedChat.shared(server);
    const other = await OwnedChat.shared(server);
    const { bearer: link } = await other.link({ mode: "collaborative" });
    const { bearer } = await chat.link();
    const email = newAddress();
    const session = await person.as(email, { session: chat.session });
    await join(other, { session, link, sender: (await newWriter()).sender });
    expect(await status("DELETE /api/account", session, {})).toBe(400);
    expect(await status("DELETE /api/account", session, { erase: "everything" })).toBe(204);
    expect(await person.isValid(session)).toBe(false);
    expect((await server.call(`GET /api/chats/${chat.chat}`, { link: bearer })).status).toBe(404);
    expect(await server.database.message.count({ where: { chatId: chat.id } })).toBe(0);
    expect(await server.database.message.count({ where: { chatId: other.id } })).toBe(3);
    expect(await person.account(await person.as(email))).toMatchObject({ chats: 0, memberships: 0 });
  });
});

describe("the synced keyring", () => {
  const get = async (session: string) =>
    (await server.call("GET /api/account/keyring", { session })).body as SyncedKeyring;
  const put = (session: string, version: number, sealed: Uint8Array) =>
    server.call("PUT /api/account/keyring", { session, msgpack: { version, sealed } });

  test("changes only for whoever knows what is stored", async () => {
    const session = await person.as(newAddress());
    expect(await get(session)).toEqual({ version: 0, sealed: null });
    const firsts = await Promise.all([put(session, 0, Uint8Array.of(1)), put(session, 0, Uint8Array.of(2))]);
    expect(firsts.map(({ status: code }) => code).sort()).toEqual([200, 409]);
    const seconds = await Promise.all([1, 2, 3].map((byte) => put(session, 1, Uint8Array.of(byte))));
    expect(seconds.map(({ status: code }) => code).sort()).toEqual([200, 409, 409]);
    expect((await get(session)).version).toBe(2);
    expect((await put(session, 1, Uint8Array.of(9))).status).toBe(409);
    expect(await status("DELETE /api/account/keyring", session)).toBe(204);
    expect(await get(session)).toEqual({ version: 0, sealed: null });
  });

  test("is the account's own, bounded, and nothing for guests", async () => {
    const [mine, theirs] = [await person.as(newAddress()), await person.as(newAddress())];
    await put(mine, 0, Uint8Array.of(1));
    expect(await get(theirs)).toEqual({ version: 0, sealed: null });
    expect((await put(theirs, 0, new Uint8Array(1 << 20))).status).toBe(200);
    expect((await put(theirs, 1, new Uint8Array((1 << 20) + 1))).status).toBe(400);
    expect((await put(theirs, 1, new Uint8Array((1 << 20) + 4096))).status).toBe(413);
    expect((await put(await server.guest(), 0, Uint8Array.of(1))).status).toBe(403);
  });
});
