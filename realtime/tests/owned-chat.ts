import { createHash, randomBytes } from "node:crypto";
import {
  bearerOfLink,
  type ChatId,
  type CreateLink,
  idBytes,
  KIND,
  type Kind,
  type LinkId,
  type LinkMode,
  type MessageId,
  newId,
  type OutgoingMessage,
  ownBytes,
  type SenderId,
  toBase64url,
  WRAPPED_KEY_LENGTH,
  WRAPPED_REPLY_KEY_LENGTH,
} from "@openmates-share/protocol/wire";
import { claimOf, newWriter } from "./claims.ts";
import type { Answer, TestServer } from "./test-server.ts";

/** What a server can see of an envelope is its header; the rest may be any bytes. */
export function envelope(options: { kind?: Kind; size?: number } = {}) {
  const { kind = KIND.content, size = 200 } = options;
  const header = Uint8Array.of(1, kind, 0, 0, 0, 1);
  const least = kind === KIND.reply ? WRAPPED_REPLY_KEY_LENGTH + 200 : 0;
  return ownBytes(Buffer.concat([header, randomBytes(Math.max(size, least) - header.length)]));
}

export function message(sender: SenderId, options: { kind?: Kind; size?: number } = {}): OutgoingMessage {
  return { id: newId<MessageId>(), sender, envelope: envelope(options) };
}

export interface NewLink {
  readonly id: LinkId;
  readonly bearer: string;
  readonly body: CreateLink;
}

export function newLink(options: { mode?: LinkMode; expiresAt?: number | null } = {}): NewLink {
  const { mode = "read-only", expiresAt = null } = options;
  const id = newId<LinkId>();
  const token = ownBytes(randomBytes(32));
  const body = {
    link: id,
    tokenHash: createHash("sha256").update(token).digest("base64url"),
    mode,
    wrappedKeys: [{ epoch: 1, key: randomBytes(WRAPPED_KEY_LENGTH).toString("base64url") }],
    label: randomBytes(60).toString("base64url"),
    expiresAt,
  };
  return { id, bearer: bearerOfLink({ link: id, token }), body };
}

/** A chat as its owner makes one, through the server's front door. */
export class OwnedChat {
  readonly chat = newId<ChatId>();
  readonly owner: SenderId;
  readonly server: TestServer;
  readonly session: string;

  private constructor(owner: SenderId, { server, session }: { server: TestServer; session: string }) {
    this.owner = owner;
    this.server = server;
    this.session = session;
  }

  static async create(server: TestServer): Promise<OwnedChat> {
    const { sender } = await newWriter();
    const chat = new OwnedChat(sender, { server, session: await server.guest() });
    await chat.expect(201, "POST /api/chats", { json: chat.making() });
    return chat;
  }

  /** What makes this chat, asked for by that session. */
  making(session = this.session): { chat: ChatId; owner: SenderId; claim: string } {
    const { chat, owner } = this;
    const claim = claimOf({ chat, sender: owner, session });
    return { chat, owner, claim: toBase64url(claim ?? new Uint8Array(0)) };
  }

  /** `route` begins at the chat: `POST /messages`. */
  call(route: string, call: Parameters<TestServer["call"]>[1] = {}): Promise<Answer> {
    const [method, path = ""] = route.split(" ");
    const whole = path.startsWith("/api") ? path : `/api/chats/${this.chat}${path}`;
    return this.server.call(`${method} ${whole}`, { session: this.session, ...call });
  }

  async expect(status: number, route: string, call: Parameters<TestServer["call"]>[1] = {}): Promise<Answer> {
    const answer = await this.call(route, call);
    if (answer.status !== status)
      throw new Error(`${route}: ${answer.status} ${answer.bytes.toString().slice(0, 300)}`);
    return answer;
  }

  async upload(messages: readonly OutgoingMessage[]): Promise<Answer> {
    return this.expect(200, "POST /messages", { msgpack: { messages } });
  }

  async share(through: number): Promise<void> {
    await this.expect(204, "PUT /shared", { json: { through, seal: toBase64url(envelope({ kind: KIND.seal })) } });
  }

  async link(options: Parameters<typeof newLink>[0] = {}): Promise<NewLink> {
    const link = newLink(options);
    await this.expect(201, "POST /links", { json: link.body });
    return link;
  }

  /** With `count` messages, all shared. */
  static async shared(server: TestServer, count = 3): Promise<OwnedChat> {
    const chat = await OwnedChat.create(server);
    await chat.upload(Array.from({ length: count }, () => message(chat.owner)));
    await chat.share(count);
    return chat;
  }

  get id() {
    return idBytes(this.chat);
  }
}
