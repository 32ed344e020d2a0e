import { type Account, memoryStore, type SecretStore, ShareClient } from "@openmates-share/client";
import { codeIn, startMail, type TestMail } from "@openmates-share/testing/mail";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { mailConfig, newAddress } from "./signing-in.ts";
import { startTestServer, type TestServer } from "./test-server.ts";
import { until } from "./until.ts";

const PASSPHRASE = "seven quiet otters";

let mail: TestMail;
let server: TestServer;
const clients: ShareClient[] = [];
beforeAll(async () => {
  mail = await startMail();
  server = await startTestServer({ mail: mailConfig(mail) });
});
afterAll(async () => {
  await server.stop();
  await mail.stop();
});
afterEach(async () => {
  for (const client of clients.splice(0)) await client.close();
});

interface TestDevice {
  readonly client: ShareClient;
  readonly account: Account;
  readonly store: SecretStore;
}

async function device(store: SecretStore = memoryStore()): Promise<TestDevice> {
  const client = new ShareClient({ server: server.url, store });
  clients.push(client);
  return { client, account: await client.account(), store };
}

async function signIn({ account }: TestDevice, email: string): Promise<void> {
  const { request } = await account.askCode(email);
  await account.signInByCode({ email, request, code: codeIn(await mail.to(email)), device: "A device" });
}

async function signedIn(email: string): Promise<TestDevice> {
  const made = await device();
  await signIn(made, email);
  return made;
}

async function share({ client }: TestDevice, title = "Lab notes") {
  const parts = [{ type: "markdown" as const, text: "It begins." }];
  const messages = [{ role: "user" as const, name: "Ada", parts, time: null, model: null }];
  return client.share({ title, messages }, { mode: "collaborative", name: "Ada" });
}

const chatsOf = async ({ client }: TestDevice) => (await client.chats()).map(({ chat }) => chat).sort();

describe("two devices of one person", () => {
  test("have the same keys, and the second manages what the first has shared", async () => {
    const email = newAddress();
    const first = await device();
    const shared = await share(first);
    await signIn(first, email);
    expect(await first.account.sync.state()).toEqual({ state: "off" });
    await first.account.sync.turnOn(PASSPHRASE);

    const second = await signedIn(email);
    const own = await share(second, "Of the second");
    expect(await second.account.sync.state()).toEqual({ state: "locked" });
    expect(await second.account.sync.join(PASSPHRASE)).toEqual({ conflicts: [] });
    expect(await second.account.sync.state()).toEqual({ state: "on" });
    expect(await chatsOf(second)).toEqual([shared.chat, own.chat].sort());
    await first.account.sync.sync();
    expect(await chatsOf(first)).toEqual([shared.chat, own.chat].sort());

    const room = await second.client.reopen(shared.chat, { name: "Ada" });
    await until(() => room.state.connection === "live" && room.state.complete);
    expect(room.state.role).toBe("owner");
    await room.send("From the second device.");
    expect(await second.client.updateShared(shared.chat)).toBe(2);
    const [link] = await second.client.links(shared.chat);
    expect(link?.url).toBe(shared.url);
    await second.client.createLink(shared.chat, { mode: "read-only" });
    await second.client.revokeLink(shared.chat, shared.link);
    expect(await first.client.links(shared.chat)).toHaveLength(1);
    expect(room.state.integrity.state).not.toBe("violated");
  });

  test("lose nothing when both write at once", async () => {
    const email = newAddress();
    const [first, second] = [await signedIn(email), await signedIn(email)];
    await first.account.sync.turnOn(PASSPHRASE);
    await second.account.sync.join(PASSPHRASE);
    const shared = [await share(first, "One"), await share(second, "Two")].map(({ chat }) => chat).sort();
    await Promise.all([first, second].map(({ account }) => account.sync.sync()));
    await Promise.all([first, second].map(({ account }) => account.sync.sync()));
    expect(await chatsOf(first)).toEqual(shared);
    expect(await chatsOf(second)).toEqual(shared);
  });

  test("cannot both turn sync on", async () => {
    const email = newAddress();
    const [first, second] = [await signedIn(email), await signedIn(email)];
    const results = await Promise.allSettled([first, second].map(({ account }) => account.sync.turnOn(PASSPHRASE)));
    expect(results.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  });

  test("are asked for a new passphrase, and the old one opens nothing any more", async () => {
    const email = newAddress();
    const [first, second] = [await signedIn(email), await signedIn(email)];
    await first.account.sync.turnOn(PASSPHRASE);
    await second.account.sync.join(PASSPHRASE);
    await first.account.sync.changePassphrase("eight loud otters");
    expect(await second.account.sync.state()).toEqual({ state: "locked" });
    await expect(second.account.sync.sync()).rejects.toMatchObject({ code: "locked" });
    await expect(second.account.sync.join(PASSPHRASE)).rejects.toMatchObject({ code: "unable_to_decrypt" });
    await second.account.sync.join("eight loud otters");
    expect(await second.account.sync.state()).toEqual({ state: "on" });
  });

  test("keep what they have when sync is turned off, also by one without the passphrase", async () => {
    const email = newAddress();
    const [first, second] = [await signedIn(email), await signedIn(email)];
    const { chat } = await share(first);
    await first.account.sync.turnOn(PASSPHRASE);
    await second.account.sync.turnOff();
    await expect(first.account.sync.sync()).rejects.toMatchObject({ code: "not_allowed" });
    expect(await first.account.sync.state()).toEqual({ state: "off" });
    expect(await chatsOf(first)).toEqual([chat]);
    expect(await first.account.sync.sync()).toBeNull();
  });

  test("that do not sync: the one that came first writes, the other one reads, and both once they sync", async () => {
    const email = newAddress();
    const { url, chat } = await share(await device());
    const [first, second] = [await signedIn(email), await signedIn(email)];
    const writing = await first.client.open(url, { name: "Ada" });
    await writing.whenLive();
    await writing.join("Ada");
    const reading = await second.client.open(url, { name: "Ada" });
    await reading.whenLive();
    expect([writing.state.role, reading.state.role]).toEqual(["member", "reader"]);
    await writing.send("From the first.");
    await until(() => reading.state.messages.through === writing.state.messages.through);

    await first.account.sync.turnOn(PASSPHRASE);
    await second.account.sync.join(PASSPHRASE);
    reading.close();
    const again = await second.client.reopen(chat);
    await again.whenLive();
    expect(again.state.role).toBe("member");
    await again.send("From the second.");
  });

  test("forget a chat together", async () => {
    const email = newAddress();
    const [first, second] = [await signedIn(email), await signedIn(email)];
    const { chat } = await share(first);
    await first.account.sync.turnOn(PASSPHRASE);
    await second.account.sync.join(PASSPHRASE);
    await second.client.forget(chat);
    await second.account.sync.sync();
    await first.account.sync.sync();
    expect([await chatsOf(first), await chatsOf(second)]).toEqual([[], []]);
  });
});

describe("what the server keeps of the keys", () => {
  test("is nothing that it can read, and does not open when it was altered", async () => {
    const email = newAddress();
    const first = await signedIn(email);
    await share(first, "A title nobody reads");
    await first.account.sync.turnOn(PASSPHRASE);
    const dump = await server.dump();
    for (const secret of ["A title nobody reads", PASSPHRASE, email]) {
      expect(dump.includes(Buffer.from(secret))).toBe(false);
    }
    await server.database
      .$executeRaw`update synced_keyrings set sealed = set_byte(sealed, 60, get_byte(sealed, 60) # 1)`;
    await expect(first.account.sync.sync()).rejects.toMatchObject({ code: "unable_to_decrypt" });
    await server.database.syncedKeyring.deleteMany();
  });
});

describe("signing out", () => {
  test("leaves the keys unless told otherwise, and the guest's session is a new one", async () => {
    const email = newAddress();
    const first = await signedIn(email);
    const { chat } = await share(first);
    await first.account.signOut();
    expect(await first.account.info()).toBeNull();
    expect(await first.client.isSignedIn()).toBe(false);
    expect(await chatsOf(first)).toEqual([chat]);
    await signIn(first, email);
    expect(await first.client.links(chat)).toHaveLength(1);
    await first.account.signOut({ forget: true });
    expect(await chatsOf(first)).toEqual([]);
  });

  test("everywhere reaches the other devices, who are told and do not turn into guests silently", async () => {
    const email = newAddress();
    const [first, second] = [await signedIn(email), await signedIn(email)];
    await first.account.signOut({ everywhere: true });
    await expect(share(second)).rejects.toMatchObject({ code: "unauthorized" });
    expect(await second.client.isSignedIn()).toBe(false);
    await share(second);
  });

  test("happens before another account is used", async () => {
    const first = await signedIn(newAddress());
    await expect(signIn(first, newAddress())).rejects.toMatchObject({ code: "not_allowed" });
  });
});
