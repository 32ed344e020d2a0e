import { createHash, randomBytes } from "node:crypto";
import type { SignedIn } from "@openmates-share/protocol/wire";
import { type GoogleUser, startGoogle, type TestGoogle, type TokenOptions } from "@openmates-share/testing/google";
import { startMail, type TestMail } from "@openmates-share/testing/mail";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { Google } from "../src/accounts/google/google.ts";
import { configOf } from "../src/config.ts";
import { readEnv } from "../src/env.ts";
import { mailConfig, newAddress, SigningIn } from "./signing-in.ts";
import { startTestServer, type TestServer } from "./test-server.ts";

const NONCE = "a-nonce-of-this-page";

let issuer: TestGoogle;
let mail: TestMail;
let server: TestServer;
let person: SigningIn;
let now: number;
let google: Google;

function config() {
  const { google: found } = configOf(readEnv({ DATABASE_URL: "postgres://localhost/none", ...issuer.env }));
  if (!found) throw new Error("Google is set up.");
  return found;
}

beforeAll(async () => {
  [issuer, mail] = await Promise.all([startGoogle(), startMail()]);
  server = await startTestServer({ google: config(), mail: mailConfig(mail) });
  person = new SigningIn({ server, mail });
});
afterAll(async () => {
  await server.stop();
  await mail.stop();
  await issuer.stop();
});
beforeEach(() => {
  now = Date.now();
  google = new Google({ config: config(), now: () => now });
});

let users = 0;
function user(domain = "gmail.com"): GoogleUser {
  users += 1;
  return { sub: `1000${process.pid}${users}`, email: `somebody.${process.pid}.${users}@${domain}` };
}

const byIdToken = (idToken: string, nonce = NONCE) => google.person({ type: "id-token", idToken, nonce });
const good = (who: GoogleUser) => issuer.idToken(who, { claims: { nonce: NONCE } });

test("a code of a program on one's own machine is for the client that Google knows such programs by", async () => {
  const env = { DATABASE_URL: "postgres://localhost/none", ...issuer.env, ...issuer.desktopEnv };
  const { google: found } = configOf(readEnv(env));
  if (!found) throw new Error("Google is set up.");
  const both = new Google({ config: found, now: () => now });
  const who = user();
  issuer.signInAs(who);
  const verifier = randomBytes(32).toString("base64url");
  const codeFor = async (clientId: string, redirectUri: string) => {
    const asked = {
      client_id: clientId,
      redirect_uri: redirectUri,
      nonce: NONCE,
      response_type: "code",
      scope: "openid",
    };
    const challenge = createHash("sha256").update(verifier).digest("base64url");
    const query = new URLSearchParams({ ...asked, code_challenge: challenge, code_challenge_method: "S256" });
    const { headers } = await fetch(`${issuer.url}/auth?${query}`, { redirect: "manual" });
    const code = new URL(headers.get("location") ?? "").searchParams.get("code") ?? "";
    return { type: "code", code, verifier, nonce: NONCE, redirectUri } as const;
  };
  const loopback = "http://127.0.0.1:40123/";
  const desktop = issuer.desktopEnv.GOOGLE_DESKTOP_CLIENT_ID;
  expect(await both.person(await codeFor(desktop, loopback))).toMatchObject({ subject: who.sub });
  const web = issuer.env.GOOGLE_CLIENT_ID;
  expect(await both.person(await codeFor(web, "https://share.example/"))).toMatchObject({ subject: who.sub });
  await expect(both.person(await codeFor(web, loopback))).rejects.toMatchObject({ code: "refused" });
});

describe("an id token", () => {
  test("names the person under both names of the issuer", async () => {
    const who = user();
    for (const iss of ["https://accounts.google.com", "accounts.google.com"]) {
      const token = issuer.idToken(who, { claims: { nonce: NONCE, iss } });
      expect(await byIdToken(token)).toEqual({ subject: who.sub, address: who.email, provenAddress: who.email });
    }
  });

  test.each([
    ["for another service", { claims: { aud: "another.apps.googleusercontent.com" } }],
    [
      "for several, asked for by another",
      { claims: { aud: ["test-client.apps.googleusercontent.com", "x"], azp: "x" } },
    ],
    ["of another issuer", { claims: { iss: "https://accounts.google.com.example" } }],
    ["without an issuer", { claims: { iss: undefined } }],
    ["without an end", { claims: { exp: undefined } }],
    ["expired", { claims: { exp: Math.floor(Date.now() / 1000) - 61 } }],
    ["that begins later", { claims: { nbf: Math.floor(Date.now() / 1000) + 86_400 } }],
    ["with another nonce", { claims: { nonce: "the-nonce-of-another-page" } }],
    ["without a nonce", { claims: { nonce: undefined } }],
    ["with an address not verified", { claims: { email_verified: false } }],
    ["without an address", { claims: { email: undefined } }],
    ["with an address that is none", { claims: { email: "a@b\r\nBcc: c" } }],
    ["without a subject", { claims: { sub: undefined } }],
    ["without a signature", { alg: "none" }],
    ["signed with the public key as a secret", { alg: "HS256" }],
    ["signed by somebody else under a known key's name", { foreign: true }],
    ["signed with a key nobody published", { kid: "nobodys" }],
  ] satisfies [string, TokenOptions][])("%s is refused", async (_, options: TokenOptions) => {
    const token = issuer.idToken(user(), { ...options, claims: { nonce: NONCE, ...options.claims } });
    await expect(byIdToken(token)).rejects.toMatchObject({ name: "GoogleError", code: "refused" });
  });

  test.each(["", "a.b.c", "..", "eyJhbGciOiJSUzI1NiJ9..", "\u0000"])("%j is refused", async (token) => {
    await expect(byIdToken(token)).rejects.toMatchObject({ code: "refused" });
  });

  test("may come from a clock that is a minute off, and no more", async () => {
    const token = good(user());
    const { iat } = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()) as { iat: number };
    now = (iat + 3600 + 59) * 1000;
    await byIdToken(token);
    now += 2_000;
    await expect(byIdToken(token)).rejects.toMatchObject({ code: "refused" });
  });

  test("proves the address only where Google gives it out", async () => {
    expect(await byIdToken(good(user("example.org")))).toMatchObject({ provenAddress: null });
    const own = { ...user("example.org"), hd: "example.org" };
    expect(await byIdToken(good(own))).toMatchObject({ provenAddress: own.email });
  });
});

describe("Google's keys", () => {
  test("are asked for once in the time that they are good for", async () => {
    issuer.cacheControl = "public, max-age=600, must-revalidate";
    const before = issuer.keyRequests;
    await Promise.all([byIdToken(good(user())), byIdToken(good(user()))]);
    now += 599_000;
    await byIdToken(good(user()));
    expect(issuer.keyRequests - before).toBe(1);
    now += 2_000;
    await byIdToken(good(user()));
    expect(issuer.keyRequests - before).toBe(2);
  });

  test("are asked for again when they have changed", async () => {
    await byIdToken(good(user()));
    const before = issuer.keyRequests;
    issuer.rotate();
    await byIdToken(good(user()));
    expect(issuer.keyRequests - before).toBe(1);
  });

  test("are not asked for by everybody who names one that does not exist", async () => {
    await byIdToken(good(user()));
    const before = issuer.keyRequests;
    for (let tries = 0; tries < 5; tries += 1) {
      const token = issuer.idToken(user(), { kid: `made-up-${tries}`, claims: { nonce: NONCE } });
      await expect(byIdToken(token)).rejects.toMatchObject({ code: "refused" });
    }
    expect(issuer.keyRequests - before).toBe(1);
    now += 31_000;
    issuer.rotate();
    await byIdToken(good(user()));
    expect(issuer.keyRequests - before).toBe(2);
  });

  test("that cannot be had are no refusal", async () => {
    const away = new Google({ config: { ...config(), keysUrl: "http://127.0.0.1:9/certs" } });
    const proof = { type: "id-token", idToken: good(user()), nonce: NONCE } as const;
    await expect(away.person(proof)).rejects.toMatchObject({ code: "away", retryable: true });
  });
});

describe("an access token", () => {
  test("names the person if it was made for this service", async () => {
    const who = user();
    const proof = { type: "access-token", accessToken: issuer.accessToken(who) } as const;
    expect(await google.person(proof)).toMatchObject({ subject: who.sub, address: who.email });
  });

  test.each([
    ["made for another service", () => issuer.accessToken(user(), { aud: "another.apps.googleusercontent.com" })],
    ["expired", () => issuer.accessToken(user(), { expiresIn: -61 })],
    ["of somebody without a verified address", () => issuer.accessToken({ ...user(), email_verified: false })],
    ["made up", () => "made-up"],
  ])("%s is refused", async (_, make) => {
    await expect(google.person({ type: "access-token", accessToken: make() })).rejects.toMatchObject({
      code: "refused",
    });
  });
});

/** As the page does it: there and back, with PKCE. */
async function codeFlow(who: GoogleUser) {
  issuer.signInAs(who);
  const verifier = randomBytes(32).toString("base64url");
  const redirectUri = `${server.url}/`;
  const url = new URL(`${issuer.url}/auth`);
  url.search = String(
    new URLSearchParams({
      client_id: issuer.env.GOOGLE_CLIENT_ID,
      response_type: "code",
      scope: "openid email",
      redirect_uri: redirectUri,
      state: "s",
      nonce: NONCE,
      code_challenge: createHash("sha256").update(verifier).digest("base64url"),
      code_challenge_method: "S256",
    }),
  );
  const { headers } = await fetch(url, { redirect: "manual" });
  const code = new URL(headers.get("location") ?? "").searchParams.get("code") ?? "";
  return { type: "code" as const, code, verifier, nonce: NONCE, redirectUri };
}

async function signIn(proof: object, session?: string) {
  const json = { proof, device: "A test" };
  return server.call("POST /api/sign-in/google", { json, ...(session === undefined ? {} : { session }) });
}

describe("signing in with Google", () => {
  test("works by a code, once, and finds the same account again", async () => {
    const who = user();
    const proof = await codeFlow(who);
    const first = await signIn(proof);
    expect(first.status).toBe(200);
    expect((await signIn(proof)).status).toBe(403);
    const second = await signIn(await codeFlow(who));
    const { session } = second.body as SignedIn;
    expect(await person.sessions(session)).toHaveLength(2);
    expect((await person.account(session)).identities.map(({ kind }) => kind).sort()).toEqual(["email", "google"]);
  });

  test("needs the verifier, the nonce and the address that the page began with", async () => {
    const changes = [{ verifier: randomBytes(32).toString("base64url") }, { nonce: "the-nonce-of-another-page" }];
    for (const change of changes) expect((await signIn({ ...(await codeFlow(user())), ...change })).status).toBe(403);
    const elsewhere = { ...(await codeFlow(user())), redirectUri: "https://elsewhere.example/" };
    expect((await signIn(elsewhere)).status).toBe(400);
  });

  test("leads to the account that has proved the same address by mail, if Google gives that address out", async () => {
    const who = user();
    const byMail = await person.as(who.email);
    const { session } = (await signIn(await codeFlow(who))).body as SignedIn;
    expect(await person.sessions(session)).toHaveLength(2);
    expect(await person.account(byMail)).toMatchObject({ identities: [{ kind: "email" }, { kind: "google" }] });
  });

  test("does not lead into somebody's account by an address that Google only once saw", async () => {
    const email = newAddress();
    const victim = await person.as(email);
    const { session } = (await signIn(await codeFlow({ sub: `attacker-${process.pid}`, email }))).body as SignedIn;
    expect(await person.sessions(session)).toHaveLength(1);
    expect((await person.account(victim)).identities).toHaveLength(1);
  });

  test("is not offered where it is not set up", async () => {
    const plain = await startTestServer();
    try {
      const json = { proof: { type: "id-token", idToken: good(user()), nonce: NONCE }, device: "A test" };
      expect(await plain.call("POST /api/sign-in/google", { json })).toMatchObject({ status: 501 });
    } finally {
      await plain.stop();
    }
  });

  test("tells pages where to go", async () => {
    expect((await server.call("GET /api/service")).body).toMatchObject({
      signIn: {
        email: true,
        google: { clientId: issuer.env.GOOGLE_CLIENT_ID, authorizeUrl: `${issuer.url}/auth`, desktopClientId: null },
      },
    });
  });
});
