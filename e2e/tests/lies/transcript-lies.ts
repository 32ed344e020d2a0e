import { memoryStore, ShareClient } from "@openmates-share/client";
import {
  type AmendmentPage,
  type ChatId,
  type MessageId,
  type MessagePage,
  newId,
  type OpenedChat,
  type SenderId,
  SPINE_ENTRY_LENGTH,
  type Spine,
} from "@openmates-share/protocol/wire";
import type { Lie } from "./lie.ts";
import type { LieWorld, WorldOptions } from "./lie-world.ts";
import { at, elsewhere, flipped, isThere, withByte, withPage } from "./tampering.ts";

const LONG: WorldOptions = { length: 120 };

const OLD = new Map<ChatId, OpenedChat>();

/** What was said, in which order, and how far it goes. */
export const TRANSCRIPT_LIES: readonly Lie[] = [
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
];

function calledContent(entries: Uint8Array): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(entries, (byte, i) => (i % SPINE_ENTRY_LENGTH === 16 ? 1 : byte));
}

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
