import { identifyLink } from "@openmates-share/protocol/link";
import {
  type Bytes,
  bearerOfLink,
  CHAT_NOT_FOUND,
  type ChatId,
  fromBase64url,
  type ServiceInfo,
} from "@openmates-share/protocol/wire";
import { Api, type Credentials } from "./api.ts";
import { ClientError } from "./errors.ts";
import { type ChatRecord, Keyring } from "./keyring.ts";
import type { SecretStore } from "./secret-store.ts";

/** This device at one server: its keys, its session, and what it may do with them. */
export class Device {
  /** Without a slash at the end. */
  readonly server: string;
  readonly api: Api;
  readonly keyring: Keyring;
  #service: Promise<ServiceInfo> | null = null;

  /** @throws ClientError `malformed` for an address that is none */
  constructor(options: { server: string; store: SecretStore; fetch?: typeof fetch }) {
    this.server = requireServer(options.server);
    this.api = new Api({ ...options, server: this.server });
    this.keyring = new Keyring(options.store);
  }

  service(): Promise<ServiceInfo> {
    this.#service ??= this.api.service().catch((error: unknown) => {
      this.#service = null;
      throw error;
    });
    return this.#service;
  }

  /** Who signs the mate's answers, as the server says when a chat is first opened. */
  async mateKey(): Promise<Bytes> {
    const { mate } = await this.service();
    const published = fromBase64url(mate.publicKey);
    if (published?.length === 32) return published;
    throw new ClientError("malformed", "The server's mate has no valid key.");
  }

  /** The owner goes by the session, everybody else by the link they came by. */
  async credentials(record: ChatRecord): Promise<Credentials> {
    const { chat, cameBy } = record;
    if (!cameBy) return this.owner();
    const link = await this.bearer({ chat, linkKey: cameBy.linkKey });
    // Nobody is told who reads a link that is for everybody.
    return cameBy.named ? { link, session: await this.session() } : { link };
  }

  /** What shows a link to the server, with this device's ticket. */
  async bearer({ chat, linkKey }: { chat: ChatId; linkKey: Bytes }): Promise<string> {
    const identity = await identifyLink({ linkKey, subject: chat });
    return bearerOfLink({ ...identity, ticket: await this.keyring.ticket(chat, identity.link) });
  }

  /** For what one owns. */
  async owner(): Promise<Credentials> {
    return { session: await this.session() };
  }

  session(): Promise<string> {
    return this.keyring.sessionOr(async () => (await this.api.createGuest()).session);
  }

  /** A server that lost its sessions gets to know this device anew. */
  async withSession(call: (session: string) => Promise<void>): Promise<void> {
    const session = await this.session();
    try {
      await call(session);
    } catch (error) {
      if (!(error instanceof ClientError) || error.code !== "unauthorized") throw error;
      if (await this.keyring.dropSession(session)) {
        throw new ClientError("unauthorized", "You were signed out on this device. Please sign in again.", {
          cause: error,
        });
      }
      await call(await this.session());
    }
  }

  /** @throws ClientError `no_key`, `not_allowed` */
  async requireOwned(chat: ChatId): Promise<ChatRecord> {
    const record = await this.keyring.requireChat(chat);
    if (record.owner) return record;
    throw new ClientError("not_allowed", "Only the owner of a chat can do that.");
  }

  /** @throws ClientError `no_key` for a chat that was forgotten meanwhile */
  async changeRecord(chat: ChatId, change: (now: ChatRecord) => ChatRecord): Promise<void> {
    await this.keyring.updateChat(chat, (now) => {
      if (!now) throw new ClientError("no_key", CHAT_NOT_FOUND);
      return change(now);
    });
  }
}

/** @throws ClientError `malformed` */
function requireServer(server: string): string {
  if (/^https?:/.test(server) && URL.canParse(server)) return server.replace(/\/+$/, "");
  throw new ClientError("malformed", "The server's address has to begin with http:// or https://.");
}
