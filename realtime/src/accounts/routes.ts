import {
  addAddressSchema,
  base64urlSchema,
  type CodeSent,
  codeRequestSchema,
  deleteAccountSchema,
  emailSignInSchema,
  googleSignInSchema,
  LIMITS,
  putKeyringSchema,
  sessionIdSchema,
  toBase64url,
} from "@openmates-share/protocol/wire";
import type { FastifyInstance, FastifyRequest } from "fastify";
import * as v from "valibot";
import { sessionOf, sessionOrNull } from "../http/credentials.ts";
import { WireFailure } from "../http/failure.ts";
import { sendMsgpack } from "../http/msgpack.ts";
import { parse } from "../http/parse.ts";
import type { Parts } from "../http/parts.ts";
import { RATE_LIMITS, takeOrRefuse } from "../limits/limits.ts";
import { MailError } from "../mail/mailer.ts";
import type { AccountId } from "./account-id.ts";
import { addressChangedMail, codeMail } from "./account-mails.ts";
import { type Address, parseAddress } from "./address.ts";
import type { CodePurpose } from "./codes.ts";
import { isLoopback } from "./google/google.ts";
import { GoogleError } from "./google/google-error.ts";

/** A MessagePack body with the largest keyring. */
const KEYRING_BODY = LIMITS.keyring + 1024;

export function accountRoutes(app: FastifyInstance, parts: Parts): void {
  signInRoutes(app, parts);
  sessionRoutes(app, parts);
  addressRoutes(app, parts);
  keyringRoutes(app, parts);

  app.get("/account", async (request) => {
    const { account } = await sessionOf(request, parts.sessions);
    return parts.accounts.info(account);
  });

  app.delete("/account", async (request, reply) => {
    const session = await sessionOf(request, parts.sessions);
    parse(deleteAccountSchema, request.body);
    await parts.accounts.erase(session);
    return reply.code(204).send();
  });
}

function signInRoutes(app: FastifyInstance, parts: Parts): void {
  const { sessions, limiter, codes, signIn, google } = parts;

  app.post("/guests", async (request, reply) => {
    await takeOrRefuse(limiter, { limit: RATE_LIMITS.guests, source: request.ip });
    return reply.code(201).send(await sessions.create());
  });

  // Nothing here looks whether the address is known: so the answer cannot tell, nor can the time that it takes.
  app.post("/sign-in/codes", async (request, reply) => {
    const address = addressOf(parse(codeRequestSchema, request.body).email);
    return reply.code(202).send(await sendCode(parts, request, { purpose: "sign-in", address, account: null }));
  });

  app.post("/sign-in/email", async (request) => {
    const { email, device, ...proof } = parse(emailSignInSchema, request.body);
    const address = addressOf(email);
    const before = await sessionOrNull(request, sessions);
    await takeOrRefuse(limiter, { limit: RATE_LIMITS.codeTries, source: request.ip });
    await codes.redeem({ purpose: "sign-in", address, account: null }, proof);
    return signIn.withAddress(address, { before, device });
  });

  app.post("/sign-in/google", { bodyLimit: 2 * LIMITS.googleProof }, async (request) => {
    const { proof, device } = parse(googleSignInSchema, request.body);
    const before = await sessionOrNull(request, sessions);
    if (google === null) throw new WireFailure("not_offered", "This server does not offer to sign in with Google.");
    if (proof.type === "code") requireOwnAddress(proof.redirectUri, parts);
    await takeOrRefuse(limiter, { limit: RATE_LIMITS.google, source: request.ip });
    const person = await google.person(proof).catch(refuseGoogle);
    return signIn.withGoogle(person, { before, device });
  });
}

function sessionRoutes(app: FastifyInstance, { sessions }: Parts): void {
  app.get("/account/sessions", async (request) => {
    return { sessions: await sessions.list(await sessionOf(request, sessions)) };
  });

  app.delete("/account/sessions", async (request, reply) => {
    const { account } = await sessionOf(request, sessions);
    await sessions.end(account, { except: null });
    return reply.code(204).send();
  });

  app.delete("/account/sessions/others", async (request, reply) => {
    const { account, session } = await sessionOf(request, sessions);
    await sessions.end(account, { except: session });
    return reply.code(204).send();
  });

  app.delete("/account/sessions/current", async (request, reply) => {
    const { account, session } = await sessionOf(request, sessions);
    await sessions.end(account, { only: session });
    return reply.code(204).send();
  });

  app.delete("/account/sessions/:session", async (request, reply) => {
    const { account } = await sessionOf(request, sessions);
    const { session } = parse(sessionPath, request.params);
    if (!(await sessions.end(account, { only: session }))) {
      throw new WireFailure("not_found", "This session has ended already.");
    }
    return reply.code(204).send();
  });
}

function addressRoutes(app: FastifyInstance, parts: Parts): void {
  const { sessions, limiter, codes, accounts, mailer } = parts;

  app.post("/account/codes", async (request, reply) => {
    const { account } = await sessionOf(request, sessions);
    const address = addressOf(parse(codeRequestSchema, request.body).email);
    return reply.code(202).send(await sendCode(parts, request, { purpose: "add-address", address, account }));
  });

  app.post("/account/addresses", async (request, reply) => {
    const { account } = await sessionOf(request, sessions);
    const { email, replaces, ...proof } = parse(addAddressSchema, request.body);
    const address = addressOf(email);
    await takeOrRefuse(limiter, { limit: RATE_LIMITS.codeTries, source: request.ip });
    await codes.redeem({ purpose: "add-address", address, account }, proof);
    const before = await accounts.addAddress(account, { address, replaces });
    const { publicUrl: server } = parts.service();
    for (const to of before) {
      // What is done is done; that the news of it did not get through is in the log.
      mailer.send(addressChangedMail({ to, replaced: replaces !== null, server })).catch(() => undefined);
    }
    return reply.code(204).send();
  });

  app.delete("/account/identities/:identity", async (request, reply) => {
    const { account } = await sessionOf(request, sessions);
    await accounts.removeIdentity(account, parse(identityPath, request.params).identity);
    return reply.code(204).send();
  });
}

function keyringRoutes(app: FastifyInstance, { sessions, limiter, keyrings }: Parts): void {
  app.get("/account/keyring", async (request, reply) => {
    const { account } = await sessionOf(request, sessions);
    return sendMsgpack(reply, await keyrings.get(account));
  });

  app.put("/account/keyring", { bodyLimit: KEYRING_BODY }, async (request, reply) => {
    const { account } = await sessionOf(request, sessions);
    const change = parse(putKeyringSchema, request.body);
    await takeOrRefuse(limiter, { limit: RATE_LIMITS.keyrings, source: account });
    return reply.send({ version: await keyrings.put(account, change) });
  });

  app.delete("/account/keyring", async (request, reply) => {
    const { account } = await sessionOf(request, sessions);
    await keyrings.delete(account);
    return reply.code(204).send();
  });
}

const sessionPath = v.object({ session: sessionIdSchema });
const identityPath = v.object({ identity: base64urlSchema({ min: 16, max: 16 }) });

/** @throws WireFailure `bad_request` */
function addressOf(email: string): Address {
  const address = parseAddress(email);
  if (address === null) throw new WireFailure("bad_request", "This is not an e-mail address. Please check it.");
  return address;
}

/** @throws WireFailure `not_offered`, `rate_limited`, `mail_failed`, `unavailable` */
async function sendCode(
  { limiter, codes, addresses, mailer, service }: Parts,
  request: FastifyRequest,
  subject: { purpose: CodePurpose; address: Address; account: AccountId | null },
): Promise<CodeSent> {
  const { address: to, purpose } = subject;
  if (!mailer.offered) throw new WireFailure("not_offered", "This server sends no mail.");
  await takeOrRefuse(limiter, { limit: RATE_LIMITS.codesFromSource, source: request.ip });
  // Under its hash: limits are kept in Redis, which must not learn addresses.
  const source = toBase64url(addresses.lookupHash(to));
  await takeOrRefuse(limiter, { limit: RATE_LIMITS.codesToAddress, source });
  const { code, ...issued } = await codes.issue(subject);
  const { publicUrl: server } = service();
  const state = await mailer.send(codeMail({ to, code, purpose, server })).catch(refuseMail);
  return { ...issued, delayed: state === "delayed" };
}

function refuseMail(error: unknown): never {
  if (!(error instanceof MailError)) throw error;
  if (error.code === "refused") {
    throw new WireFailure("mail_failed", "The mail could not be delivered. Please check the address.", {
      cause: error,
    });
  }
  throw new WireFailure("unavailable", "No mail can be sent right now. Please try again in a few minutes.", {
    cause: error,
  });
}

function refuseGoogle(error: unknown): never {
  if (!(error instanceof GoogleError)) throw error;
  throw new WireFailure(error.code === "refused" ? "forbidden" : "unavailable", error.message, { cause: error });
}

/** A code that was sent anywhere else was not asked for by our page, or our program. @throws WireFailure `bad_request` */
function requireOwnAddress(redirectUri: string, { service }: Parts): void {
  const { publicUrl, signIn } = service();
  if (redirectUri === `${publicUrl}/`) return;
  if (signIn.google?.desktopClientId && isLoopback(redirectUri)) return;
  throw new WireFailure("bad_request", "The field redirectUri is not the address of this server.");
}
