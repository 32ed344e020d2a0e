import type { PrismaClient } from "@openmates-share/prisma";
import { type ChatId, idBytes, LIMITS, type LinkId, toBase64url } from "@openmates-share/protocol/wire";
import type { AccessRequest, Gate } from "../access/gate.ts";
import { requireOwner } from "../access/require-owner.ts";
import { type Address, parseAddress } from "../accounts/address.ts";
import type { Addresses } from "../accounts/addresses.ts";
import { WireFailure } from "../http/failure.ts";
import { RATE_LIMITS, takeOrRefuse } from "../limits/limits.ts";
import type { RateLimiter } from "../limits/rate-limiter.ts";
import { renderMail } from "../mail/mail-page.ts";
import { MailError, type Mailer, type MailMessage } from "../mail/mailer.ts";
import { aliveWhere } from "./alive-where.ts";
import { addressContext } from "./list-links.ts";

/**
 * Mails a link to the person it is for, when its owner asks for just that: the one time that a link key passes through this
 * server. It stays in the memory of this request, and goes to the mail server at once or not at all: nothing waits.
 */
export class Invitations {
  readonly #database: PrismaClient;
  readonly #gate: Gate;
  readonly #addresses: Addresses;
  readonly #mailer: Mailer;
  readonly #limiter: RateLimiter;

  constructor(options: {
    database: PrismaClient;
    gate: Gate;
    addresses: Addresses;
    mailer: Mailer;
    limiter: RateLimiter;
  }) {
    this.#database = options.database;
    this.#gate = options.gate;
    this.#addresses = options.addresses;
    this.#mailer = options.mailer;
    this.#limiter = options.limiter;
  }

  /**
   * Resolves when a mail server has taken it.
   * @throws WireFailure `not_found`, `forbidden`, `bad_request`, `not_offered`, `rate_limited`, `mail_failed`, `unavailable`
   */
  async send(request: AccessRequest & { invite: LinkId; url: string; server: string }): Promise<void> {
    const { chat, account, invite, url, server } = request;
    requireOwner(await this.#gate.check(request));
    requireOwnUrl({ url, server, chat });
    const to = await this.#addressOf(chat, invite);
    if (!this.#mailer.offered) throw new WireFailure("not_offered", "This server sends no mail.");
    await takeOrRefuse(this.#limiter, { limit: RATE_LIMITS.invitationsFrom, source: account ?? "" });
    // Under its hash: limits are kept in Redis, which must not learn addresses.
    const source = toBase64url(this.#addresses.lookupHash(to));
    await takeOrRefuse(this.#limiter, { limit: RATE_LIMITS.invitationsTo, source });
    const state = await this.#mailer.send(invitationMail({ to, url, server })).catch(refuseMail);
    if (state === "delayed") throw new WireFailure("unavailable", NOT_NOW);
  }

  async #addressOf(chat: ChatId, link: LinkId): Promise<Address> {
    const row = await this.#database.link.findFirst({
      where: { chatId: idBytes(chat), id: idBytes(link), ...aliveWhere() },
      select: { id: true, addressSealed: true },
    });
    if (!row) throw new WireFailure("not_found", "There is no such link.");
    if (!row.addressSealed) throw new WireFailure("bad_request", "This link is not for one person.");
    const context = addressContext(idBytes(chat), row.id);
    const address = parseAddress(await this.#addresses.unseal({ sealed: row.addressSealed, context }));
    if (!address) throw new WireFailure("mail_failed", "This address cannot be written to any more.");
    return address;
  }
}

const NOT_NOW =
  "The mail could not be sent just now, and was not kept. Please send the link yourself, or try again later.";

/** Nobody sends anything else in this server's name. @throws WireFailure `bad_request`, which does not repeat the address */
function requireOwnUrl({ url, server, chat }: { url: string; server: string; chat: ChatId }): void {
  const start = `${server}/share/chat/${chat}#key=`;
  const key = url.startsWith(start) ? url.slice(start.length) : "";
  if (key.length === LIMITS.linkKeyCharacters && /^[\w-]+$/.test(key)) return;
  throw new WireFailure("bad_request", "The field url is not a link of this chat.");
}

function invitationMail({ to, url, server }: { to: Address; url: string; server: string }): MailMessage {
  const { host } = new URL(server);
  const title = "A conversation was shared with you";
  const page = {
    title,
    paragraphs: [
      `Somebody shared an encrypted conversation with you at OpenMates Share (${host}).`,
      "The link is for you alone: to open it, you sign in with this address by a code.",
    ],
    button: { label: "Open the conversation", url },
    footer: `Whoever shared it typed this address at ${server}. If you don't expect it, you can delete this mail.`,
  };
  // Sent at once or not at all: what waits would hold the key.
  return { to, subject: title, ...renderMail(page), goodFor: 0 };
}

function refuseMail(error: unknown): never {
  if (!(error instanceof MailError)) throw error;
  if (error.code !== "refused") throw new WireFailure("unavailable", NOT_NOW);
  throw new WireFailure("mail_failed", "The mail server does not take mail for this address. Please check it.");
}
