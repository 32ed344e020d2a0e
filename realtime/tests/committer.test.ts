import { createDatabase } from "@openmates-share/prisma";
import {
  appendToTranscript,
  type ChatId,
  emptyTranscript,
  idBytes,
  KIND,
  type MessageId,
  newId,
  type OutgoingMessage,
  type Receipt,
  type SenderId,
} from "@openmates-share/protocol/wire";
import { createTestDatabase, type TestDatabase } from "@openmates-share/testing/database";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type AccountId, accountBytes } from "../src/accounts/account-id.ts";
import { appendMessages } from "../src/messages/append-messages.ts";
import { type CommittedBatch, Committer } from "../src/messages/committer.ts";
import { MessageStore } from "../src/messages/message-store.ts";
import { envelope, message } from "./owned-chat.ts";

let data: TestDatabase;
beforeAll(async () => {
  data = await createTestDatabase();
});
afterAll(() => data.stop());

interface Room {
  readonly chat: ChatId;
  readonly owner: Writer;
}
interface Writer {
  readonly account: AccountId;
  readonly sender: SenderId;
}

async function writer(): Promise<Writer> {
  const account = newId() as string as AccountId;
  await data.database.account.create({ data: { id: accountBytes(account) } });
  return { account, sender: newId<SenderId>() };
}

async function room(): Promise<Room> {
  const chat = newId<ChatId>();
  const owner = await writer();
  const { head } = await emptyTranscript(chat);
  const row = { ownerAccount: accountBytes(owner.account), ownerSender: idBytes(owner.sender), head };
  await data.database.chat.create({ data: { id: idBytes(chat), ...row } });
  return { chat, owner };
}

async function join(
  { chat }: Room,
  options: { mode?: string; expiresAt?: Date } = {},
): Promise<Writer & { link: MessageId }> {
  const member = await writer();
  const link = newId<MessageId>();
  const ids = { chatId: idBytes(chat), id: idBytes(link), tokenHash: new Uint8Array(32) };
  await data.database.link.create({ data: { ...ids, mode: "collaborative", ...options } });
  await data.database.member.create({
    data: {
      chatId: idBytes(chat),
      linkId: idBytes(link),
      accountId: accountBytes(member.account),
      sender: idBytes(member.sender),
    },
  });
  return { ...member, link };
}

function by({ chat }: Room, { account, sender }: Writer, sent: OutgoingMessage = message(sender)) {
  return { chat, author: { type: "account", account } as const, message: sent };
}

async function transcript({ chat }: Room) {
  const { lastSeq } = await data.database.chat.findUniqueOrThrow({ where: { id: idBytes(chat) } });
  const { messages } = await new MessageStore(data).page({ chat, after: 0, through: lastSeq });
  return messages;
}

/** Heads as the protocol computes them, from what is stored. */
async function checkTranscript(where: Room): Promise<number> {
  const messages = await transcript(where);
  let position = await emptyTranscript(where.chat);
  for (const stored of messages) {
    position = await appendToTranscript(position, stored);
    expect({ seq: stored.seq, head: stored.head }).toEqual(position);
  }
  const chat = await data.database.chat.findUniqueOrThrow({ where: { id: idBytes(where.chat) } });
  expect({ seq: chat.lastSeq, head: new Uint8Array(chat.head) }).toEqual(position);
  return messages.length;
}

describe("R8 the committer", () => {
  test("numbers what many writers send at once without a gap, with the protocol's heads", async () => {
    const committer = new Committer(data);
    const rooms = await Promise.all(Array.from({ length: 4 }, room));
    const sends = rooms.flatMap((where) => Array.from({ length: 80 }, () => by(where, where.owner)));
    const shuffled = sends.sort((a, b) => (a.message.id < b.message.id ? -1 : 1));
    await Promise.all(shuffled.map((request) => committer.append(request)));
    for (const where of rooms) expect(await checkTranscript(where)).toBe(80);
    await committer.stop();
  });

  test("keeps numbers gapless when two processes write to the same chats", async () => {
    const committers = [new Committer(data), new Committer(data), new Committer(data)];
    const rooms = await Promise.all(Array.from({ length: 3 }, room));
    const sends = Array.from({ length: 300 }, (_, i) => {
      const where = rooms[i % rooms.length] as Room;
      return committers[(i % 7) % committers.length]?.append(by(where, where.owner));
    });
    await Promise.all(sends);
    for (const where of rooms) expect(await checkTranscript(where)).toBe(100);
    await Promise.all(committers.map((committer) => committer.stop()));
  });

  test("keeps one writer's messages in the order they were handed in", async () => {
    const committer = new Committer(data);
    const where = await room();
    const sent = Array.from({ length: 600 }, () => message(where.owner.sender, { size: 64 }));
    const receipts = await Promise.all(sent.map((next) => committer.append(by(where, where.owner, next))));
    expect(receipts.map(({ seq }) => seq)).toEqual(sent.map((_, i) => i + 1));
    await committer.stop();
  });

  test("lets no chat wait for as long as the commit of another takes", async () => {
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const [slow, quick] = [await room(), await room()];
    const committer = new Committer({
      ...data,
      async append(batch) {
        if (batch.some(({ chat }) => chat === slow.chat)) await held;
        return appendMessages(data.database, batch);
      },
    });
    const late = committer.append(by(slow, slow.owner));
    // In a turn of its own, when the slow commit is under way.
    await new Promise(setImmediate);
    expect(await committer.append(by(quick, quick.owner))).toMatchObject({ seq: 1 });
    release();
    expect(await late).toMatchObject({ seq: 1 });
    await committer.stop();
  });

  test("stores of a batch what may be stored, whatever stands between, and chats by turns", async () => {
    const [one, other] = [await room(), await room()];
    const stranger = await writer();
    const nowhere = { ...one, chat: newId<ChatId>() };
    const batch = [
      by(nowhere, one.owner),
      by(one, stranger),
      by(one, one.owner),
      by(other, other.owner),
      by(one, stranger),
      by(one, one.owner),
      by(other, stranger),
      by(other, other.owner),
    ];
    const rows = await appendMessages(data.database, batch);
    const inOrder = [...rows].sort((a, b) => a.ordinal - b.ordinal);
    expect(inOrder.map((row) => ("seq" in row ? row.seq : row.outcome))).toEqual([
      "missing",
      "forbidden",
      1,
      1,
      "forbidden",
      2,
      "forbidden",
      2,
    ]);
    for (const where of [one, other]) expect(await checkTranscript(where)).toBe(2);
  });

  test("gives the same number to what is sent again, also within one batch and by two processes", async () => {
    const [one, two] = [new Committer(data), new Committer(data)];
    const where = await room();
    const request = by(where, where.owner);
    const [first, ...again] = await Promise.all(
      [one, one, two, two, one].map((committer) => committer.append(request)),
    );
    for (const receipt of again) expect(receipt).toEqual(first);
    expect(await checkTranscript(where)).toBe(1);
  });

  test("refuses other bytes or another sender under a known id, and leaves the rest of the batch alone", async () => {
    const committer = new Committer(data);
    const where = await room();
    const member = await join(where);
    const sent = message(where.owner.sender);
    await committer.append(by(where, where.owner, sent));
    const results = await Promise.allSettled([
      committer.append(by(where, where.owner)),
      committer.append(by(where, where.owner, { ...sent, envelope: envelope() })),
      committer.append(by(where, member, { ...sent, sender: member.sender })),
      committer.append(by(where, where.owner)),
    ]);
    expect(results.map(outcome)).toEqual([2, "conflict", "conflict", 3]);
    expect(await checkTranscript(where)).toBe(3);
  });

  test("knows what is stored also after its epoch has passed and the chat was closed", async () => {
    const committer = new Committer(data);
    const where = await room();
    const member = await join(where);
    const request = by(where, member);
    const receipt = await committer.append(request);
    for (const change of [{ epoch: 2 }, { closed: true }]) {
      await data.database.chat.update({ where: { id: idBytes(where.chat) }, data: change });
      expect(await committer.append(request)).toEqual(receipt);
    }
    await expect(committer.append(by(where, where.owner))).rejects.toMatchObject({ code: "stale_epoch" });
    await expect(committer.append(by(where, member))).rejects.toMatchObject({ code: "chat_closed" });
    expect(await checkTranscript(where)).toBe(1);
    await committer.stop();
  });

  test("lets the owner and members write as themselves and nobody else", async () => {
    const committer = new Committer(data);
    const where = await room();
    const stranger = await writer();
    const member = await join(where);
    const [removed, revoked, expired] = [await join(where), await join(where), await join(where)];
    const reader = await join(where, { mode: "read-only" });
    const chatId = idBytes(where.chat);
    await data.database.member.updateMany({
      where: { chatId, accountId: accountBytes(removed.account) },
      data: { removedAt: new Date() },
    });
    await data.database.link.updateMany({
      where: { chatId, id: idBytes(revoked.link) },
      data: { revokedAt: new Date() },
    });
    await data.database.link.updateMany({
      where: { chatId, id: idBytes(expired.link) },
      data: { expiresAt: new Date(1) },
    });
    const requests = [
      by(where, where.owner),
      by(where, member),
      by(where, stranger),
      by(where, { ...stranger, sender: where.owner.sender }),
      by(where, { ...member, sender: where.owner.sender }),
      by(where, { ...where.owner, sender: member.sender }),
      by(where, removed),
      by(where, revoked),
      by(where, expired),
      by(where, reader),
      by(where, member),
    ];
    const results = await Promise.allSettled(requests.map((request) => committer.append(request)));
    const no = "forbidden";
    expect(results.map(outcome)).toEqual([1, 2, no, no, no, no, no, no, no, no, 3]);
    expect(await checkTranscript(where)).toBe(3);
  });

  test("takes replies from the mate alone, and content from people alone", async () => {
    const committer = new Committer(data);
    const where = await room();
    const mate = { chat: where.chat, author: { type: "mate" } as const };
    const sender = newId<SenderId>();
    const results = await Promise.allSettled([
      committer.append({ ...mate, message: message(sender, { kind: KIND.reply }) }),
      committer.append({ ...mate, message: message(sender) }),
      committer.append(by(where, where.owner, message(where.owner.sender, { kind: KIND.reply }))),
      committer.append(by(where, where.owner, message(where.owner.sender, { kind: KIND.seal }))),
    ]);
    expect(results.map(outcome)).toEqual([1, "bad_request", "bad_request", "bad_request"]);
    expect(await checkTranscript(where)).toBe(1);
  });

  test("holds the kinds apart in the database too", async () => {
    const where = await room();
    const packed = (sender: Uint8Array, account: Uint8Array, kind: 1 | 2) => {
      const bytes = envelope({ kind });
      return data.database.$queryRaw<{ outcome: string }[]>`
        select outcome from append_messages(${idBytes(where.chat)}, ${idBytes(newId<MessageId>())}, ${sender}, ${account},
          ${[bytes.length]}, ${bytes})`;
    };
    const [owner, mate] = [accountBytes(where.owner.account), new Uint8Array(16)];
    const sender = idBytes(where.owner.sender);
    const rows = await Promise.all([packed(sender, owner, 2), packed(sender, mate, 1), packed(sender, mate, 2)]);
    expect(rows.flat().map((row) => row.outcome)).toEqual(["forbidden", "forbidden", "stored"]);
  });

  test("answers not_found for a chat that is gone, and stores nothing for it", async () => {
    const committer = new Committer(data);
    const [where, gone] = [await room(), await room()];
    await data.database.chat.delete({ where: { id: idBytes(gone.chat) } });
    const results = await Promise.allSettled([
      committer.append(by(gone, gone.owner)),
      committer.append(by(where, where.owner)),
    ]);
    expect(results.map(outcome)).toEqual(["not_found", 1]);
    expect(await data.database.message.count({ where: { chatId: idBytes(gone.chat) } })).toBe(0);
  });

  test("tells each chat's new messages together, in order, and what was sent again apart", async () => {
    const committer = new Committer(data);
    const [a, b] = [await room(), await room()];
    const told: CommittedBatch[] = [];
    const again = by(a, a.owner);
    await committer.append(again);
    const unsubscribe = committer.onCommitted((batches) => told.push(...batches));
    const requests = [by(a, a.owner), by(b, b.owner), again, by(a, a.owner), by(b, b.owner)];
    const receipts = await Promise.all(requests.map((request) => committer.append(request)));
    const seqs = (chat: ChatId) =>
      told.filter((batch) => batch.chat === chat).map(({ messages }) => messages.map(({ seq }) => seq));
    expect(seqs(a.chat)).toEqual([[2, 3], [1]]);
    expect(seqs(b.chat)).toEqual([[1, 2]]);
    const repeated = told.find(({ messages }) => messages[0]?.id === again.message.id)?.messages[0];
    expect(repeated).toMatchObject({ ...again.message, ...(receipts[2] as Receipt) });
    unsubscribe();
    await committer.append(by(a, a.owner));
    expect(told).toHaveLength(3);
  });

  test("finishes what it accepted when it is stopped, and takes nothing more", async () => {
    const committer = new Committer(data);
    const where = await room();
    const accepted = Array.from({ length: 300 }, () => committer.append(by(where, where.owner)));
    await committer.stop();
    await committer.stop();
    expect((await Promise.all(accepted)).map(({ seq }) => seq)).toHaveLength(300);
    await expect(committer.append(by(where, where.owner))).rejects.toMatchObject({
      code: "unavailable",
      retryable: true,
    });
  });

  test("says unavailable, and that a retry helps, while the database is away", async () => {
    const where = await room();
    const gone = new URL(data.databaseUrl);
    gone.pathname += "_is_gone";
    for (const databaseUrl of ["postgres://nobody:nothing@127.0.0.1:1/none", gone.href]) {
      const database = createDatabase({ databaseUrl, poolSize: 1 });
      const lost = new Committer({ database }).append(by(where, where.owner));
      await expect(lost).rejects.toMatchObject({ code: "unavailable", retryable: true });
      await database.$disconnect();
    }
    expect(await checkTranscript(where)).toBe(0);
  });

  test("goes on after the database has closed its connections", async () => {
    const where = await room();
    const database = createDatabase({ databaseUrl: data.databaseUrl, poolSize: 2 });
    const committer = new Committer({ database });
    const request = by(where, where.owner);
    const receipt = await committer.append(request);
    const name = new URL(data.databaseUrl).pathname.slice(1);
    await data.database.$executeRaw`
      select pg_terminate_backend(pid, 60000) from pg_stat_activity where datname = ${name} and pid <> pg_backend_pid()`;
    const again = await committer.append(request).catch(() => committer.append(request));
    expect(again).toEqual(receipt);
    await database.$disconnect();
  });
});

function outcome(result: PromiseSettledResult<Receipt>): number | string {
  return result.status === "fulfilled" ? result.value.seq : (result.reason as { code: string }).code;
}
