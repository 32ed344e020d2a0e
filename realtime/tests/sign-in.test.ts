import { randomBytes } from "node:crypto";
import type { CodeSent } from "@openmates-share/protocol/wire";
import { codeIn, startMail, type TestMail } from "@openmates-share/testing/mail";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseAddress } from "../src/accounts/address.ts";
import { Addresses } from "../src/accounts/addresses.ts";
import { CODE_LASTS, CODE_TRIES, Codes } from "../src/accounts/codes.ts";
import { RATE_LIMITS } from "../src/limits/limits.ts";
import { fixedKeys, Vault } from "../src/vault/vault.ts";
import { parseVaultKeys } from "../src/vault/vault-keys.ts";
import { mailConfig, newAddress, SigningIn } from "./signing-in.ts";
import { startTestServer, type TestServer } from "./test-server.ts";

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

const ask = (email: string) => server.call("POST /api/sign-in/codes", { json: { email } });

async function openAddresses(): Promise<Addresses> {
  const vault = new Vault(fixedKeys(parseVaultKeys(server.config.vaultKeys ?? "")));
  return Addresses.open({ database: server.database, vault });
}

function addressOf(email: string) {
  const address = parseAddress(email);
  if (!address) throw new Error("Tests have good addresses.");
  return address;
}

describe("signing in by mail", () => {
  test("needs the code that was sent, and makes one account however often one signs in", async () => {
    const email = newAddress();
    const first = await person.as(email);
    const second = await person.as(` ${email.toUpperCase()} `.trim().toLowerCase());
    expect(await person.account(first)).toMatchObject({
      signedIn: true,
      identities: [{ kind: "email", address: email }],
    });
    expect(await person.sessions(second)).toHaveLength(2);
  });

  test("takes the code as people copy it", async () => {
    const email = newAddress();
    const { request, code } = await person.ask(email);
    const spaced = ` ${code.slice(0, 3)} ${code.slice(3)}\n`;
    expect((await person.try({ email, request, code: spaced })).status).toBe(200);
  });

  test("uses a code up", async () => {
    const email = newAddress();
    const proof = { email, ...(await person.ask(email)) };
    expect((await person.try(proof)).status).toBe(200);
    expect(await person.try(proof)).toMatchObject({ status: 403, body: { code: "wrong_code" } });
  });

  test("refuses a wrong, an expired, a used and somebody else's code in the same words", async () => {
    const [email, other] = [newAddress(), newAddress()];
    const mine = await person.ask(email);
    const theirs = await person.ask(other);
    const wrong = mine.code === "000000" ? "000001" : "000000";
    const expired = await person.ask(newAddress());
    await server.database.code.updateMany({
      where: { id: Buffer.from(expired.request, "base64url") },
      data: { expiresAt: new Date(Date.now() - 1) },
    });
    const answers = [
      await person.try({ email, request: mine.request, code: wrong }),
      await person.try({ email, request: theirs.request, code: mine.code }),
      await person.try({ email, ...theirs }),
      await person.try({ email: other, ...mine }),
      await person.try({ email, ...expired }),
      await person.try({ email, request: randomBytes(16).toString("base64url"), code: mine.code }),
    ];
    for (const answer of answers) {
      expect(answer.status).toBe(403);
      expect(answer.bytes.equals(answers[0]?.bytes ?? Buffer.alloc(0))).toBe(true);
    }
  });

  test("lets a code be tried five times, and not by whoever does not have its request", async () => {
    const email = newAddress();
    const { request, code } = await person.ask(email);
    const wrong = code === "000000" ? "000001" : "000000";
    for (let tries = 0; tries < CODE_TRIES + 1; tries += 1) {
      await person.try({ email, request: randomBytes(16).toString("base64url"), code: wrong });
    }
    for (let tries = 0; tries < CODE_TRIES - 1; tries += 1) {
      expect((await person.try({ email, request, code: wrong })).status).toBe(403);
    }
    expect((await person.try({ email, request, code })).status).toBe(200);

    const again = await person.ask(email);
    for (let tries = 0; tries < CODE_TRIES; tries += 1) {
      await person.try({ email, request: again.request, code: again.code === "000000" ? "000001" : "000000" });
    }
    expect((await person.try({ email, ...again })).status).toBe(403);
  });

  test("takes a code that two nodes are shown at once a single time, and counts guesses made at once", async () => {
    const address = addressOf(newAddress());
    const addresses = await openAddresses();
    const nodes = Array.from({ length: 8 }, () => new Codes({ database: server.database, addresses }));
    const subject = { purpose: "sign-in", address, account: null } as const;
    const issued = await new Codes({ database: server.database, addresses }).issue(subject);
    const proof = { request: Buffer.from(issued.request, "base64url"), code: issued.code };
    const results = await Promise.allSettled(nodes.map((codes) => codes.redeem(subject, proof)));
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);

    const second = await new Codes({ database: server.database, addresses }).issue(subject);
    const request = Buffer.from(second.request, "base64url");
    const wrong = second.code === "000000" ? "000001" : "000000";
    await Promise.allSettled(nodes.map((codes) => codes.redeem(subject, { request, code: wrong })));
    const [row] = await server.database.code.findMany({ where: { id: request } });
    expect(row?.tries).toBe(CODE_TRIES);
    await expect(nodes[0]?.redeem(subject, { request, code: second.code })).rejects.toMatchObject({
      code: "wrong_code",
    });
  });

  test("keeps a code for fifteen minutes and no longer", async () => {
    const addresses = await openAddresses();
    let now = Date.now();
    const codes = new Codes({ database: server.database, addresses, now: () => now });
    const subject = { purpose: "sign-in", address: addressOf(newAddress()), account: null } as const;
    const redeem = async (issued: { request: string; code: string }) =>
      codes.redeem(subject, { request: Buffer.from(issued.request, "base64url"), code: issued.code });
    const [good, late] = [await codes.issue(subject), await codes.issue(subject)];
    now += CODE_LASTS - 1;
    await redeem(good);
    now += 1;
    await expect(redeem(late)).rejects.toMatchObject({ code: "wrong_code" });
  });

  test("draws every digit alike", async () => {
    const addresses = await openAddresses();
    const codes = new Codes({ database: server.database, addresses });
    const subject = { purpose: "sign-in", address: addressOf(newAddress()), account: null } as const;
    const drawn: string[] = [];
    // Some at a time: who waits for a connection to the database gives up on a busy machine.
    while (drawn.length < 300) {
      drawn.push(...(await Promise.all(Array.from({ length: 10 }, async () => (await codes.issue(subject)).code))));
    }
    expect(drawn.every((code) => /^\d{6}$/.test(code))).toBe(true);
    const counts = Array.from({ length: 10 }, (_, digit) => drawn.join("").split(String(digit)).length - 1);
    // 1,800 digits: 180 of each, give or take six standard deviations (12.7).
    for (const count of counts) expect(Math.abs(count - 180)).toBeLessThan(77);
  });

  test("answers alike for an address that has an account and for one that has none", async () => {
    const [known, unknown] = [newAddress(), newAddress()];
    await person.as(known);
    const [first, second] = [await ask(known), await ask(unknown)];
    const shape = ({ status, headers, body }: typeof first) => ({
      status,
      headers: [...headers].filter(([name]) => name !== "date"),
      fields: Object.entries(body as CodeSent).map(([name, value]) => [name, typeof value, String(value).length]),
    });
    expect(shape(first)).toEqual(shape(second));
    expect(first.bytes.length).toBe(second.bytes.length);
    const [a, b] = [await mail.to(known), await mail.to(unknown)];
    const blank = ({ text }: typeof a) => text.replace(/\d{6}/g, "");
    expect(blank(a)).toBe(blank(b));
  });

  test("sends a person five codes and then asks for patience, also in other spellings", async () => {
    const email = newAddress();
    const { capacity } = RATE_LIMITS.codesToAddress;
    for (let count = 0; count < capacity; count += 1) {
      expect((await ask(count % 2 ? email : email.toUpperCase())).status).toBe(202);
    }
    const refused = await ask(email);
    expect(refused).toMatchObject({ status: 429, body: { code: "rate_limited" } });
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
  });

  test.each([
    "",
    "nobody",
    "a@b",
    "a@example.org\r\nBcc: eve@example.org",
    "a@example.org, eve@example.org",
    "<a@example.org>",
  ])("takes %j for no address", async (email) => {
    const before = mail.received.length;
    expect(await ask(email)).toMatchObject({ status: 400, body: { code: "bad_request" } });
    expect(mail.received).toHaveLength(before);
  });

  test("says so when the mail server refuses the address, and when it is away for a moment", async () => {
    mail.refuseNext(1, 550);
    const refused = await ask(newAddress());
    expect(refused).toMatchObject({ status: 502, body: { code: "mail_failed" } });

    const email = newAddress();
    mail.refuseNext(1, 451);
    const delayed = await ask(email);
    expect(delayed).toMatchObject({ status: 202, body: { delayed: true } });
    const { request } = delayed.body as CodeSent;
    expect((await person.try({ email, request, code: codeIn(await mail.to(email)) })).status).toBe(200);
  });

  test("is not offered where no mail can be sent", async () => {
    const silent = await startTestServer();
    try {
      expect((await silent.call("GET /api/service")).body).toMatchObject({ signIn: { email: false, google: null } });
      const answer = await silent.call("POST /api/sign-in/codes", { json: { email: newAddress() } });
      expect(answer).toMatchObject({ status: 501, body: { code: "not_offered" } });
    } finally {
      await silent.stop();
    }
  });
});

describe("the mail with the code", () => {
  test("has a plain and an HTML part, nothing from elsewhere, and one recipient", async () => {
    const email = newAddress();
    await ask(email);
    const received = await mail.to(email);
    const code = codeIn(received);
    expect(received.recipients).toEqual([email]);
    expect(received.headers.get("to")).toEqual([email]);
    expect(received.headers.get("subject")).toEqual([`${code} is your OpenMates Share code`]);
    expect(received.headers.get("auto-submitted")).toEqual(["auto-generated"]);
    expect(received.html).toContain(code);
    expect(received.html).toContain("prefers-color-scheme:dark");
    expect(received.html).not.toMatch(/<img|src=|url\(|@import|<link|<script/i);
    expect(received.html).not.toContain("http-equiv");
  });
});

describe("what the server keeps", () => {
  test("is neither address nor code", async () => {
    const email = newAddress();
    const { code } = await person.ask(email);
    await person.as(email);
    await ask(email);
    const dump = await server.dump();
    expect(dump.includes(Buffer.from(email))).toBe(false);
    expect(dump.includes(Buffer.from(email.split("@")[0] ?? ""))).toBe(false);
    // The codes' own table, since six digits may stand anywhere.
    const rows = JSON.stringify(await server.database.code.findMany(), (_, value: unknown) =>
      value instanceof Uint8Array ? Buffer.from(value).toString("latin1") : value,
    );
    expect(rows).not.toContain(code);
  });

  test("says to other parts which account has proved an address", async () => {
    const email = newAddress();
    const addresses = await openAddresses();
    expect(await addresses.accountOf(addressOf(email))).toBeNull();
    await person.as(email);
    expect(await addresses.accountOf(addressOf(email.toUpperCase()))).not.toBeNull();
  });
});
