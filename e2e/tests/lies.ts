import { webcrypto } from "node:crypto";
import { decode, encode } from "@msgpack/msgpack";
import { memoryStore, type RoomMessage, ShareClient } from "@openmates-share/client";
import {
  acceptOffer,
  createChatKey,
  createIdentity,
  type Identity,
  makeOffer,
  sealMessage,
  wrapChatKey,
} from "@openmates-share/protocol/crypto";
import { deriveWrapKey, parseShareUrl } from "@openmates-share/protocol/link";
import {
  type AmendmentPage,
  type ChatId,
  idBytes,
  type MessageId,
  type MessagePage,
  MSGPACK,
  newId,
  type OpenedChat,
  type SenderId,
  type ServiceInfo,
  SPINE_ENTRY_LENGTH,
  type Spine,
  type StoredEmbed,
  type StoredMessage,
} from "@openmates-share/protocol/wire";
import { bearerOf, LieWorld, PASSWORD, type WorldOptions } from "./lie-world.ts";

const { subtle } = webcrypto;

/** What people see of a lie. */
export const SEEN = {
  altered: "This is not what was shared. Don’t rely on it.",
  broken: "This message can’t be shown.",
  unable: "Unable to decrypt. Please verify the link and password (if required).",
  notOpened: "This chat can't be opened",
  file: "This file is not what was shared",
  cut: "This file is not whole.",
  undescribed: "This cannot be decrypted with that key.",
  fileOfAnother: "This file belongs to another chat.",
  fileOfNobody: "This was not made by the person whose it is said to be.",
} as const;

export interface Lie {
  readonly rule: string;
  readonly what: string;
  readonly world?: WorldOptions;
  /** Whether the reader was there before, when nobody lied. */
  readonly returning?: boolean;
  /** Before that visit. */
  readonly prepare?: (world: LieWorld) => Promise<void>;
  readonly tell: (world: LieWorld) => void | Promise<void>;
  /** The client's code. */
  readonly code: string;
  readonly seen: keyof typeof SEEN;
  /** What must not come out, neither on the screen nor from the client. */
  readonly hidden?: string;
}

const LONG: WorldOptions = { length: 120 };
const FORGED = "Words that nobody wrote.";

export const LIES: readonly Lie[] = [
  {
    rule: "S4",
    what: "two messages in the other order",
    tell: (world) => world.retell(([one, two, ...rest]) => [two, one, ...rest].filter(isThere)),
    code: "head_mismatch",
    seen: "altered",
  },
  {
    rule: "T3",
    what: "a message said a second time in place of another",
    tell: (world) => world.retell((all) => all.map((message, i) => (i === 3 ? at(all, 1) : message))),
    code: "head_mismatch",
    seen: "altered",
  },
  {
    rule: "S4",
    what: "the middle left out",
    tell: (world) => world.retell((all) => [...all.slice(0, 2), ...all.slice(4)]),
    code: "head_mismatch",
    seen: "altered",
  },
  {
    rule: "S4",
    what: "the end left out",
    tell: (world) => world.retell((all) => all.slice(0, 4)),
    code: "head_mismatch",
    seen: "altered",
  },
  {
    rule: "S4",
    what: "no messages at all",
    tell: (world) => world.retell(() => []),
    code: "seal_mismatch",
    seen: "altered",
  },
  {
    rule: "S4",
    what: "no seal",
    tell: (world) => world.tellOpened((opened) => ({ ...opened, seal: null })),
    code: "seal_mismatch",
    seen: "altered",
  },
  {
    rule: "S2",
    what: "another chat's seal",
    tell: async (world) => {
      const { seal } = await elsewhere(world);
      await world.tellOpened((opened) => ({ ...opened, seal }));
    },
    code: "wrong_key",
    seen: "altered",
  },
  {
    rule: "S5",
    what: "the state before the owner shared more, to somebody who has seen that",
    returning: true,
    prepare: async (world) => {
      OLD.set(world.chat, await world.opened());
      const room = await world.owner.reopen(world.chat);
      await room.send("What came later.");
      await room.whenComplete();
      await world.owner.updateShared(world.chat);
      room.close();
    },
    tell: (world) => world.tellOpened((opened) => OLD.get(world.chat) ?? opened),
    code: "rollback",
    seen: "altered",
  },
  {
    rule: "E3",
    what: "another chat's message",
    tell: async (world) => {
      const { page } = await elsewhere(world);
      const { envelope } = at(page.messages, 0);
      await world.retell((all) => all.map((message, i) => (i === 1 ? { ...message, envelope } : message)));
    },
    code: "head_mismatch",
    seen: "broken",
    hidden: "Elsewhere 1.",
  },
  {
    rule: "E3",
    what: "one byte of a message changed",
    tell: (world) => world.retell((all) => all.map((message, i) => (i === 1 ? withByte(message, 40, 1) : message))),
    code: "head_mismatch",
    seen: "broken",
    hidden: "Sentence 2.",
  },
  {
    rule: "E3",
    what: "a message under somebody else's name",
    tell: (world) =>
      world.retell((all) => all.map((one, i) => (i === 1 ? { ...one, sender: newId<SenderId>() } : one))),
    code: "wrong_key",
    seen: "broken",
    hidden: "Sentence 2.",
  },
  {
    rule: "E6",
    what: "a message as of an older version",
    tell: (world) => world.retell((all) => all.map((message, i) => (i === 1 ? withByte(message, 0, 0) : message))),
    code: "head_mismatch",
    seen: "broken",
    hidden: "Sentence 2.",
  },
  {
    rule: "E7",
    what: "the seal among the messages",
    tell: async (world) => {
      const { seal } = await world.opened();
      const envelope = new Uint8Array(seal ?? []);
      await world.retell((all) => all.map((message, i) => (i === 1 ? { ...message, envelope } : message)));
    },
    code: "head_mismatch",
    seen: "broken",
    hidden: "Sentence 2.",
  },
  {
    rule: "T2",
    what: "heads that are none",
    tell: (world) => world.tellOpened((opened) => withPage(opened, (one) => ({ ...one, head: new Uint8Array(32) }))),
    code: "head_mismatch",
    seen: "altered",
  },
  {
    rule: "T6",
    what: "a digest exchanged in the spine",
    world: LONG,
    tell: (world) => world.tell("/spine", (spine: Spine) => ({ ...spine, entries: flipped(spine.entries, 20) })),
    code: "seal_mismatch",
    seen: "altered",
  },
  {
    rule: "T6",
    what: "a page of other messages than the spine has",
    world: LONG,
    tell: (world) =>
      world.tell(`${world.chat}/messages`, (page: MessagePage) => ({
        ...page,
        messages: page.messages.map((one) => (one.seq === 60 ? withByte(one, 40, 1) : one)),
      })),
    code: "head_mismatch",
    seen: "altered",
    hidden: "Sentence 60.",
  },
  {
    rule: "T8",
    what: "an amendment kept back",
    world: { length: 320 },
    prepare: (world) => comeIn(world, "Grace"),
    tell: (world) => world.tell("/amendments", (page: AmendmentPage) => ({ ...page, messages: [] })),
    code: "head_mismatch",
    seen: "altered",
  },
  {
    rule: "T1",
    what: "an amendment called a message in the spine",
    world: LONG,
    prepare: (world) => comeIn(world, "Grace"),
    tell: (world) => world.tell("/spine", (spine: Spine) => ({ ...spine, entries: calledContent(spine.entries) })),
    code: "seal_mismatch",
    seen: "altered",
  },
  {
    rule: "V2",
    what: "a forged join, made with somebody who holds the chat key, in the owner's name",
    world: { link: { mode: "collaborative" } },
    tell: async (world) => {
      const forged = await forgedJoin(world);
      await world.retell((all) => [...all, forged]);
    },
    code: "wrong_sender",
    seen: "broken",
    hidden: "Mallory",
  },
  {
    rule: "C10",
    what: "a forged join by somebody without the chat key",
    tell: (world) =>
      world.retell((all) => [
        ...all.slice(0, 3),
        { ...at(all, 3), id: newId<MessageId>(), envelope: Uint8Array.from([1, 5, 0, 0, 0, 1, ...Array(400).fill(7)]) },
        ...all.slice(3),
      ]),
    code: "head_mismatch",
    seen: "altered",
  },
  {
    rule: "K5",
    what: "a key under fewer iterations, and word of it",
    world: { link: { password: PASSWORD } },
    tell: async (world) => {
      const key = await weaklyWrapped(world);
      const iterations = 1_000;
      await world.tellOpened((opened) => ({ ...opened, iterations, wrappedKeys: [{ epoch: 1, key }] }));
    },
    code: "unable_to_decrypt",
    seen: "unable",
    hidden: "Sentence 1.",
  },
  {
    rule: "W4",
    what: "a wrapped key of another version",
    tell: (world) => world.tellOpened((opened) => withKeys(opened, (key) => Uint8Array.from([0, ...key.slice(1)]))),
    code: "unsupported_version",
    seen: "notOpened",
    hidden: "Sentence 1.",
  },
  {
    rule: "W2",
    what: "the wrapped key of another link",
    tell: async (world) => {
      const { wrappedKeys } = await elsewhere(world);
      await world.tellOpened((opened) => ({ ...opened, wrappedKeys }));
    },
    code: "locked",
    seen: "unable",
    hidden: "Sentence 1.",
  },
  {
    rule: "W6",
    what: "a key that names another owner, to somebody who was there before",
    returning: true,
    tell: async (world) => {
      const key = await strangersKey(world);
      await world.tellOpened((opened) => ({ ...opened, wrappedKeys: [...opened.wrappedKeys, { epoch: 2, key }] }));
    },
    code: "wrong_sender",
    seen: "notOpened",
    hidden: "Sentence 1.",
  },
  {
    rule: "H7",
    what: "a succession that somebody made up who holds the link",
    tell: async (world) => {
      const [stranger, heir] = [await createIdentity(), await createIdentity()];
      const successions = await succession(world, { from: stranger.identity, to: heir.identity });
      await world.tellOpened((opened) => ({ ...opened, successions }));
    },
    code: "wrong_sender",
    seen: "notOpened",
    hidden: "Sentence 1.",
  },
  {
    rule: "H7",
    what: "a succession of another chat of the same owner's",
    tell: async (world) => {
      const other = await LieWorld.create(world.server, { owner: world.owner });
      await handOver(other);
      const { successions } = await other.opened();
      await other.liar.stop();
      await world.tellOpened((opened) => ({ ...opened, successions }));
    },
    code: "wrong_key",
    seen: "notOpened",
    hidden: "Sentence 1.",
  },
  {
    rule: "H8",
    what: "no succession, though the chat was handed over",
    prepare: handOver,
    tell: (world) => world.tellOpened((opened) => ({ ...opened, successions: new Uint8Array(0) })),
    code: "wrong_key",
    seen: "altered",
  },
  {
    rule: "H8",
    what: "no succession, and the old owner's seal, to somebody who knows better",
    returning: true,
    prepare: async (world) => {
      OLD.set(world.chat, await world.opened());
      await handOver(world);
    },
    tell: (world) => world.tellOpened((opened) => OLD.get(world.chat) ?? opened),
    code: "wrong_key",
    seen: "altered",
  },
  {
    rule: "K10",
    what: "a revoked link brought back to life, with what was written since",
    tell: async (world) => {
      const before = await world.opened();
      const stays = await world.owner.createLink(world.chat, { mode: "read-only" });
      await world.owner.revokeLink(world.chat, world.link);
      const room = await world.owner.reopen(world.chat);
      await room.send(FORGED);
      await room.whenComplete();
      await world.owner.updateShared(world.chat);
      room.close();
      const now = await world.opened(stays.url);
      world.liar.refuse = { code: "unavailable", message: "Not now." };
      const told = encode({ ...now, wrappedKeys: before.wrappedKeys });
      const keys = encode({ wrappedKeys: before.wrappedKeys });
      world.liar.forge = (path) => {
        if (path.includes(`${world.chat}/keys`)) return { status: 200, type: MSGPACK, body: keys };
        return path.split("?")[0] === `/api/chats/${world.chat}` ? { status: 200, type: MSGPACK, body: told } : null;
      };
    },
    code: "wrong_epoch",
    seen: "altered",
    hidden: FORGED,
  },
  {
    rule: "A7",
    what: "another key as the service's, which would sign the mate's answers",
    world: { link: { mode: "collaborative" } },
    prepare: async (world) => {
      const room = await world.owner.reopen(world.chat);
      await room.whenLive();
      await room.ask(await room.send("@OpenMates, are you there?"));
      await until(room, () => [...room.state.messages.loaded].some(({ body }) => body.type === "reply"));
      room.close();
    },
    tell: async (world) => {
      const { stored } = await createIdentity();
      const publicKey = Buffer.from(stored.publicKey).toString("base64url");
      world.liar.refuse = { code: "unavailable", message: "Not now." };
      world.liar.alter = (path, body) => {
        if (!path.includes("/api/service")) return body;
        const service = JSON.parse(new TextDecoder().decode(body)) as ServiceInfo;
        return new TextEncoder().encode(JSON.stringify({ ...service, mate: { ...service.mate, publicKey } }));
      };
    },
    code: "wrong_sender",
    seen: "broken",
    hidden: "demo",
  },
  {
    rule: "F9",
    what: "the chunks of a picture in the other order",
    tell: (world) =>
      tellPart(world, (part) =>
        Uint8Array.from([...part.slice(CHUNK, 2 * CHUNK), ...part.slice(0, CHUNK), ...part.slice(2 * CHUNK)]),
      ),
    code: "wrong_key",
    seen: "file",
  },
  {
    rule: "F9",
    what: "a chunk of a picture in place of the next one",
    tell: (world) =>
      tellPart(world, (part) =>
        Uint8Array.from([...part.slice(0, CHUNK), ...part.slice(0, CHUNK), ...part.slice(2 * CHUNK)]),
      ),
    code: "wrong_key",
    seen: "file",
  },
  {
    rule: "F9",
    what: "a picture cut behind its first chunk, and a size that fits that",
    tell: (world) => world.tell("/api/embeds/", (stored: StoredEmbed) => ({ ...stored, size: CHUNK })),
    code: "malformed",
    seen: "cut",
  },
  {
    rule: "F4",
    what: "another description of a picture",
    tell: (world) =>
      world.tell("/api/embeds/", (stored: StoredEmbed) => ({ ...stored, header: flipped(stored.header, 50) })),
    code: "wrong_key",
    seen: "undescribed",
  },
  {
    rule: "F7",
    what: "a picture of another chat, in a message of who put it there",
    world: { link: { mode: "collaborative" } },
    tell: (world) => reparent(world, world.owner),
    code: "wrong_key",
    seen: "fileOfAnother",
  },
  {
    rule: "F7",
    what: "a picture of another chat, in a message of somebody who only saw it there",
    world: { link: { mode: "collaborative" } },
    tell: async (world) => {
      const reader = new ShareClient({ server: world.server, store: memoryStore() });
      await reparent(world, reader);
      await reader.close();
    },
    code: "wrong_sender",
    seen: "fileOfNobody",
  },
];

/** Bytes of a stored chunk. */
const CHUNK = 262_144 + 16;

const OLD = new Map<ChatId, OpenedChat>();

function isThere<T>(value: T | undefined): value is T {
  return value !== undefined;
}

function at<T>(list: readonly T[], index: number): T {
  const value = list[index];
  if (value === undefined) throw new Error(`nothing at ${index}`);
  return value;
}

function withByte(message: StoredMessage, place: number, change: number): StoredMessage {
  const envelope = Uint8Array.from(message.envelope);
  envelope[place] = change === 0 ? 0 : (envelope[place] ?? 0) ^ change;
  return { ...message, envelope };
}

function flipped(bytes: Uint8Array, place: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(bytes, (byte, i) => (i === place ? byte ^ 1 : byte));
}

function calledContent(entries: Uint8Array): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(entries, (byte, i) => (i % SPINE_ENTRY_LENGTH === 16 ? 1 : byte));
}

function withPage(opened: OpenedChat, change: (message: StoredMessage) => StoredMessage): OpenedChat {
  return { ...opened, page: { ...opened.page, messages: opened.page.messages.map(change) } };
}

function withKeys(opened: OpenedChat, change: (key: Uint8Array) => Uint8Array<ArrayBuffer>): OpenedChat {
  return { ...opened, wrappedKeys: opened.wrappedKeys.map(({ epoch, key }) => ({ epoch, key: change(key) })) };
}

/** Another chat of the same owner's on the same server, as its readers get it. */
async function elsewhere(world: LieWorld): Promise<OpenedChat> {
  const parts = [{ type: "markdown" as const, text: "Elsewhere 1." }];
  const message = { role: "user" as const, name: "", parts, time: null, model: null };
  const { chat, url } = await world.owner.share({ title: "Elsewhere", messages: [message] }, { mode: "read-only" });
  const headers = { authorization: `Bearer ${await bearerOf(url)}` };
  const answer = await fetch(`${world.server}/api/chats/${chat}`, { headers });
  return decode(new Uint8Array(await answer.arrayBuffer())) as OpenedChat;
}

/** Somebody comes in and the owner seals that: an amendment behind the first page. */
async function comeIn(world: LieWorld, name: string): Promise<void> {
  const other = new ShareClient({ server: world.server, store: memoryStore() });
  const { url } = await world.owner.createLink(world.chat, { mode: "collaborative" });
  const room = await other.open(url, { name });
  await room.whenLive();
  await room.join(name);
  await room.send("Here I am.");
  await room.whenComplete();
  await other.close();
  await world.owner.updateShared(world.chat);
}

/** As its owner and somebody who came in would do it. */
async function handOver(world: LieWorld): Promise<void> {
  const heir = new ShareClient({ server: world.server, store: memoryStore() });
  const { url } = await world.owner.createLink(world.chat, { mode: "collaborative" });
  const room = await heir.open(url, { name: "Grace" });
  await room.whenLive();
  await room.join("Grace");
  const { me } = room.state;
  if (me) await (await world.owner.handingOver()).offer(world.chat, me);
  await (await heir.handingOver()).accept(world.chat);
  await heir.close();
}

async function succession(
  world: LieWorld,
  { from, to }: { from: Identity; to: Identity },
): Promise<Uint8Array<ArrayBuffer>> {
  const { page } = await world.opened();
  const { seq, head } = at(page.messages, page.messages.length - 1);
  const [{ chat }, where] = [world, { at: { seq, head }, time: Date.now() }];
  const offer = await makeOffer({ chat, owner: from, to: to.publicKey, ...where });
  return acceptOffer({ chat, offer, heir: to, ...where });
}

async function forgedJoin(world: LieWorld): Promise<StoredMessage> {
  const { page, owner: sender } = await world.opened();
  const { chatKey } = await world.keys();
  const { identity } = await createIdentity();
  const id = newId<MessageId>();
  const last = at(page.messages, page.messages.length - 1);
  const after = { seq: last.seq, head: last.head };
  const envelope = await sealMessage({
    chatKey,
    identity: { ...identity, sender },
    message: id,
    content: { type: "join", name: "Mallory", colour: null, time: 0, after },
  });
  return { ...last, id, sender, envelope };
}

async function weaklyWrapped(world: LieWorld): Promise<Uint8Array<ArrayBuffer>> {
  const label = (name: string) => Buffer.from(`openmates-share v1 ${name}\0`);
  const id = idBytes(world.chat);
  const { key: linkKey } = parseShareUrl(world.url);
  const salt = await subtle.digest("SHA-256", Buffer.concat([label("password salt"), id]));
  const password = await subtle.importKey("raw", Buffer.from(PASSWORD), "PBKDF2", false, ["deriveBits"]);
  const weak = { name: "PBKDF2", hash: "SHA-256", salt, iterations: 1_000 };
  const stretched = await subtle.deriveBits(weak, password, 256);
  const input = Buffer.concat([linkKey, Buffer.from(stretched)]);
  const secret = await subtle.importKey("raw", input, "HKDF", false, ["deriveKey"]);
  const how = { name: "HKDF", hash: "SHA-256", salt: id, info: label("wrap key") };
  const wrapKey = await subtle.deriveKey(how, secret, { name: "AES-GCM", length: 256 }, false, ["encrypt"]);
  const { chatKey, owner } = await world.keys();
  return wrapChatKey({ chatKey, owner, link: world.link, wrapKey });
}

/** By somebody who holds the link, and works for the server. */
async function strangersKey(world: LieWorld): Promise<Uint8Array<ArrayBuffer>> {
  const { key } = parseShareUrl(world.url);
  const wrapKey = await deriveWrapKey({ linkKey: key, subject: world.chat, password: null });
  const { stored } = await createIdentity();
  const chatKey = await createChatKey(world.chat, 2);
  return wrapChatKey({ chatKey, owner: stored.publicKey, link: world.link, wrapKey: wrapKey.key });
}

function tellPart(world: LieWorld, change: (part: Uint8Array) => Uint8Array<ArrayBuffer>): void {
  world.liar.refuse = { code: "unavailable", message: "Not now." };
  world.liar.alter = (path, body) => (path.includes("/parts/0") ? change(body) : body);
}

/** Somebody shows a picture of another chat here, and the server hands it out. */
async function reparent(world: LieWorld, writer: ShareClient): Promise<void> {
  const other = await LieWorld.create(world.server, { owner: world.owner });
  const from = await writer.open(other.url, { live: false });
  await from.whenComplete();
  const { embed, sender: _, ...part } = pictureIn([...from.state.messages.loaded]);
  const room = await writer.open(world.url, { name: "Mallory" });
  await room.whenLive();
  await room.send("", { attachments: [{ ...part, embed }] });
  const path = `/api/embeds/${embed.id}`;
  const stored = await other.fetched(path, other.url);
  await other.liar.stop();
  world.liar.forge = (asked) => (asked === path ? { status: 200, type: MSGPACK, body: stored } : null);
}

export function pictureIn(messages: readonly RoomMessage[]) {
  for (const { body, sender } of messages.toReversed()) {
    if (body.type !== "content" || body.content.type !== "message") continue;
    for (const part of body.content.parts) {
      if (part.type === "image" && part.embed) return { ...part, embed: part.embed, sender };
    }
  }
  throw new Error("no picture");
}

async function until(room: Awaited<ReturnType<ShareClient["open"]>>, check: () => boolean): Promise<void> {
  if (check()) return;
  await new Promise<void>((resolve) => {
    const stop = room.subscribe(() => {
      if (!check()) return;
      stop();
      resolve();
    });
  });
}
