import { createHash } from "node:crypto";
import type { PrismaClient } from "@openmates-share/prisma";
import { messageText, textParts } from "@openmates-share/protocol/content";
import { type ChatKey, createChatKey, type Identity, openMessage, sealMessage } from "@openmates-share/protocol/crypto";
import { createLinkKey, identifyLink } from "@openmates-share/protocol/link";
import {
  bearerOfLink,
  type ChatId,
  emptyTranscript,
  idBytes,
  type LinkId,
  type LinkMode,
  type MessageId,
  newId,
  type OutgoingMessage,
  type StoredMessage,
} from "@openmates-share/protocol/wire";
import { type AccountId, accountBytes } from "../src/accounts/account-id.ts";
import { Sessions } from "../src/accounts/sessions.ts";
import { newWriter } from "./claims.ts";

/** Somebody with a device: a session, and an identity to sign with. */
export interface TestPerson {
  readonly session: string;
  readonly account: AccountId;
  readonly identity: Identity;
}

export interface TestLink {
  readonly link: LinkId;
  readonly bearer: string;
}

/** A chat with real keys, put into the database as its owner would have. */
export interface TestChat {
  readonly chat: ChatId;
  readonly key: ChatKey;
  readonly owner: TestPerson;
}

export async function createPerson(database: PrismaClient): Promise<TestPerson> {
  const sessions = new Sessions({ database });
  const { session } = await sessions.create();
  const account = await sessions.find(session);
  if (!account) throw new Error("A new session is valid.");
  return { session, account, identity: await newWriter() };
}

export async function createChat(database: PrismaClient): Promise<TestChat> {
  const owner = await createPerson(database);
  const chat = newId<ChatId>();
  const { head } = await emptyTranscript(chat);
  await database.chat.create({
    data: {
      id: idBytes(chat),
      head,
      ownerAccount: accountBytes(owner.account),
      ownerSender: idBytes(owner.identity.sender),
    },
  });
  return { chat, key: await createChatKey(chat), owner };
}

export async function createLink(
  database: PrismaClient,
  options: { chat: ChatId; mode: LinkMode; expiresAt?: Date },
): Promise<TestLink> {
  const { chat, mode, expiresAt = null } = options;
  const { link, token } = await identifyLink({ linkKey: createLinkKey(), subject: chat });
  const tokenHash = new Uint8Array(createHash("sha256").update(token).digest());
  await database.link.create({ data: { chatId: idBytes(chat), id: idBytes(link), tokenHash, mode, expiresAt } });
  return { link, bearer: bearerOfLink({ link, token }) };
}

/** A message as its writer's client makes it. */
export async function write(
  { chat, key }: TestChat,
  options: { by: TestPerson; text: string; id?: MessageId },
): Promise<OutgoingMessage> {
  const { by, text, id = newId<MessageId>() } = options;
  const envelope = await sealMessage({
    chatKey: key,
    identity: by.identity,
    message: id,
    content: {
      type: "message",
      role: "user",
      name: "Somebody",
      parts: textParts(text),
      replyTo: null,
      model: null,
      withheld: false,
      time: Date.now(),
      after: await emptyTranscript(chat),
    },
  });
  return { id, sender: by.identity.sender, envelope };
}

/** What a stored message says. */
export async function read({ key }: TestChat, { id, sender, envelope }: StoredMessage): Promise<string> {
  const { content } = await openMessage({ chatKey: key, message: id, sender, envelope });
  if (content.type !== "message") throw new Error("This is no text.");
  return messageText(content);
}
