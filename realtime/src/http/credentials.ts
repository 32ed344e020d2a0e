import { type LinkAccess, parseLinkBearer, SESSION_PREFIX } from "@openmates-share/protocol/wire";
import type { FastifyRequest } from "fastify";
import type { AccountId } from "../accounts/account-id.ts";
import type { Session, Sessions } from "../accounts/sessions.ts";
import { WireFailure } from "./failure.ts";

/** Who asks: an account, a link, both or nobody. */
export interface Credentials {
  readonly account: AccountId | null;
  readonly link: LinkAccess | null;
}

/**
 * Reads `Authorization: Bearer …` (a session or a link) and, beside a session, `X-Share-Link`.
 * @throws WireFailure `unauthorized` for a session that is not one (any more), or a bearer of no known sort: that says
 *   nothing about any chat
 */
export async function credentialsOf(request: FastifyRequest, sessions: Sessions): Promise<Credentials> {
  const bearer = bearerOf(request.headers.authorization);
  const shown = parseShownLink(request.headers["x-share-link"]);
  if (bearer === null) return { account: null, link: shown };
  if (!bearer.startsWith(SESSION_PREFIX)) return { account: null, link: parseLinkBearer(bearer) ?? refuse() };
  return { account: (await sessions.find(bearer)) ?? refuse(), link: shown };
}

/** @throws WireFailure `unauthorized` */
export async function accountOf(request: FastifyRequest, sessions: Sessions): Promise<AccountId> {
  return (await credentialsOf(request, sessions)).account ?? refuse();
}

/** The session that asks. @throws WireFailure `unauthorized` */
export async function sessionOf(request: FastifyRequest, sessions: Sessions): Promise<Session> {
  return (await sessionOrNull(request, sessions)) ?? refuse();
}

/** The same, for requests that need none. @throws WireFailure `unauthorized` for one that is not valid */
export async function sessionOrNull(request: FastifyRequest, sessions: Sessions): Promise<Session | null> {
  const bearer = bearerOf(request.headers.authorization);
  return bearer === null ? null : ((await sessions.identify(bearer)) ?? refuse());
}

function bearerOf(header: string | undefined): string | null {
  if (header === undefined) return null;
  return /^Bearer ([\w.~+/-]+)$/i.exec(header)?.[1] ?? refuse();
}

function parseShownLink(header: string | string[] | undefined): LinkAccess | null {
  if (header === undefined) return null;
  return (typeof header === "string" ? parseLinkBearer(header) : null) ?? refuse();
}

function refuse(): never {
  throw new WireFailure("unauthorized", "This needs a valid session. Please sign in again.");
}
