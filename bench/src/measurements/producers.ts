import { createHash, randomBytes } from "node:crypto";
import { createDatabase, type PrismaClient } from "@openmates-share/prisma";
import {
  type ChatId,
  idBytes,
  KIND,
  type MessageId,
  newId,
  ownBytes,
  type SenderId,
} from "@openmates-share/protocol/wire";
import { type AppendRequest, Committer } from "@openmates-share/realtime/dist/messages/committer.js";
import pg from "pg";
import { copyInto, copyRow } from "../copy.ts";
import { MESSAGE_BYTES } from "../load/press.ts";
import type { Measurement } from "../measurement.ts";
import { cpuSeconds } from "../process-figures.ts";
import { median, takeRounds, timed } from "../rounds.ts";

const PRODUCERS = 64;
const EACH = 500;
/** Messages that a producer has under way, as an upload or an outbox that was offline has them. */
const WINDOW = 16;
const COLUMNS = ["chat_id", "seq", "id", "sender", "kind", "digest", "envelope", "head", "stored_at"] as const;

interface Producer {
  readonly chat: ChatId;
  readonly account: string;
  readonly sender: SenderId;
}

export const producers: Measurement = {
  name: "producers",
  title: "Messages into PostgreSQL, 1 KB, 64 producers",
  async run(world) {
    // What commits is a server's part, and it is in this process.
    await world.takeServerCore();
    const database = createDatabase({ databaseUrl: await world.databaseUrl(), poolSize: 10 });
    const client = new pg.Client({ connectionString: await world.databaseUrl() });
    await client.connect();
    const committer = new Committer({ database });
    const each = Math.max(5, world.scaled(EACH));
    const count = PRODUCERS * each;
    try {
      const cpu = { own: [] as number[], ours: [] as number[], copy: [] as number[] };
      const figures = await takeRounds({
        ours: async () => {
          const all = await Promise.all(Array.from({ length: PRODUCERS }, () => newProducer(database)));
          const messages = all.map((producer) => Array.from({ length: each }, () => requestOf(producer)));
          const before = await cpuOf(process.pid);
          const figure = await measured({ count, database, cpu: cpu.ours }, () =>
            Promise.all(messages.map((own) => produce(committer, own))),
          );
          cpu.own.push(((await cpuOf(process.pid)) - before) / count);
          return figure;
        },
        copy: async () => {
          const all = await Promise.all(Array.from({ length: PRODUCERS }, () => newProducer(database)));
          const rows = Array.from({ length: each }, (_, at) =>
            all.map(({ chat }) => copyRow(rowOf(chat, at + 1))),
          ).flat();
          return measured({ count, database, cpu: cpu.copy }, () =>
            copyInto(client, { table: "messages", columns: COLUMNS, rows }),
          );
        },
      });
      const note = `each message is numbered, chained, checked and acknowledged, ${WINDOW} of each producer's under way; processor time for each: PostgreSQL ${micro(cpu.ours)} µs, ours ${micro(cpu.own)} µs, PostgreSQL's for a COPY ${micro(cpu.copy)} µs; of ${figures.ours.length}: ${figures.ours.map(Math.round).join(", ")}`;
      const rival = { what: "one binary COPY of the same rows, all known before", value: median(figures.copy) };
      return [{ what: "rows", value: median(figures.ours), unit: "per second", rival, limit: { least: 0.5 }, note }];
    } finally {
      await committer.stop();
      await client.end();
      await database.$disconnect();
      world.takeLoadCore();
    }
  },
};

async function produce(committer: Committer, requests: readonly AppendRequest[]): Promise<void> {
  const left = requests.values();
  const one = async () => {
    for (const request of left) await committer.append(request);
  };
  await Promise.all(Array.from({ length: WINDOW }, one));
}

interface Measured {
  readonly count: number;
  /** A connection that sees which others there are. */
  readonly database: PrismaClient;
  /** Takes the seconds of PostgreSQL's processor time for each row. */
  readonly cpu: number[];
}

/** Rows per second. */
async function measured({ count, database, cpu }: Measured, work: () => Promise<unknown>): Promise<number> {
  const backends = await database.$queryRaw<{ pid: number }[]>`
    select pid from pg_stat_activity where datname = current_database()`;
  const before = await Promise.all(backends.map(({ pid }) => cpuOf(pid)));
  const milliseconds = await timed(work);
  const after = await Promise.all(backends.map(({ pid }) => cpuOf(pid)));
  const used = after.map((seconds, at) => Math.max(0, seconds - (before[at] ?? 0)));
  cpu.push(used.reduce((all, one) => all + one, 0) / count);
  return (count / milliseconds) * 1000;
}

/** 0 for a process that has ended. */
function cpuOf(pid: number): Promise<number> {
  return cpuSeconds(pid).catch(() => 0);
}

function micro(seconds: readonly number[]): string {
  return (median(seconds) * 1e6).toFixed(1);
}

async function newProducer(database: PrismaClient): Promise<Producer> {
  const [chat, sender, account] = [newId<ChatId>(), newId<SenderId>(), newId()];
  const ownerAccount = idBytes(account);
  await database.account.create({ data: { id: ownerAccount } });
  const head = new Uint8Array(32);
  await database.chat.create({ data: { id: idBytes(chat), ownerAccount, ownerSender: idBytes(sender), head } });
  return { chat, account, sender };
}

function requestOf({ chat, account, sender }: Producer): AppendRequest {
  // The server brands account ids; here they are what it would have made of the session.
  const author = { type: "account", account } as unknown as AppendRequest["author"];
  return { chat, author, message: { id: newId<MessageId>(), sender, envelope: ownBytes(envelope()) } };
}

function envelope(): Buffer {
  return Buffer.concat([Uint8Array.of(1, KIND.content, 0, 0, 0, 1), randomBytes(MESSAGE_BYTES - 6)]);
}

/** In the order of COLUMNS. */
function rowOf(chat: ChatId, seq: number) {
  const bytes = envelope();
  const digest = createHash("sha256").update(bytes).digest();
  const kind = Buffer.from([0, KIND.content]);
  return [idBytes(chat), int4(seq), randomBytes(16), randomBytes(16), kind, digest, bytes, digest, now()];
}

function int4(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

/** PostgreSQL counts microseconds since 2000. */
function now(): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(BigInt(Date.now() - Date.UTC(2000, 0)) * 1000n);
  return bytes;
}
