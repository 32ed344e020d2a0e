import { memoryStore, ShareClient } from "@openmates-share/client";
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
  type ChatId,
  type MessageId,
  newId,
  type OpenedChat,
  type ServiceInfo,
  type StoredMessage,
} from "@openmates-share/protocol/wire";
import { until } from "../whole-chat.ts";
import type { Lie } from "./lie.ts";
import { LieWorld } from "./lie-world.ts";
import { at } from "./tampering.ts";

const OLD = new Map<ChatId, OpenedChat>();

/** Who says it: the owner, the members, the mate. */
export const PEOPLE_LIES: readonly Lie[] = [
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
    rule: "A7",
    what: "another key as the service's, which would sign the mate's answers",
    world: { link: { mode: "collaborative" } },
    prepare: async (world) => {
      const room = await world.owner.reopen(world.chat);
      await room.whenLive();
      await room.ask(await room.send("@OpenMates, are you there?"));
      await until(room, ({ messages }) => messages.loaded.some(({ body }) => body.type === "reply"));
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
];

async function strangersKey(world: LieWorld): Promise<Uint8Array<ArrayBuffer>> {
  const { key } = parseShareUrl(world.url);
  const wrapKey = await deriveWrapKey({ linkKey: key, subject: world.chat, password: null });
  const { stored } = await createIdentity();
  const chatKey = await createChatKey(world.chat, 2);
  return wrapChatKey({ chatKey, owner: stored.publicKey, link: world.link, wrapKey: wrapKey.key });
}

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
