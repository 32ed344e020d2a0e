import { Prisma, type PrismaClient, runPrepared } from "@openmates-share/prisma";
import { type Bytes, HEAD_LENGTH, ID_LENGTH, ownBytes, toBase64url } from "@openmates-share/protocol/wire";
import { packedIds } from "../database/packed-ids.ts";
import type { AppendRequest } from "./append-request.ts";

/** What became of one message of a batch. */
export type AppendedRow = {
  /** Its place in the batch, from 0. */
  readonly ordinal: number;
} & (
  | { readonly outcome: "stored" | "known"; readonly seq: number; readonly head: Bytes; readonly storedAt: number }
  | { readonly outcome: "conflict" | "forbidden" | "closed" | "stale" | "missing" }
);

/** All answers in one row, for Prisma takes longer to make an object of a row than PostgreSQL to store a message. */
interface Answers {
  readonly ordinals: readonly number[];
  readonly outcomes: readonly AppendedRow["outcome"][];
  /** 0 where there is none; the same in `times`. */
  readonly seqs: readonly number[];
  /** 32 bytes each, zeros where there is none. */
  readonly heads: Uint8Array;
  /** Milliseconds since 1970. */
  readonly times: readonly number[];
}

/** Stands for the mate in the place of an account; no account has it. */
const MATE = toBase64url(new Uint8Array(ID_LENGTH));

/** Commits a batch; each of its messages has a row in the answer. */
export type AppendBatch = (batch: readonly AppendRequest[]) => Promise<readonly AppendedRow[]>;

/** Commits a batch in one statement (the function of the same name, which says what the outcomes mean). */
export async function appendMessages(
  database: PrismaClient,
  batch: readonly AppendRequest[],
): Promise<readonly AppendedRow[]> {
  const parameters = parametersOf(batch);
  const answers = await append(database, { ...parameters, look: false }).catch((error: unknown) => {
    if (!isTaken(error)) throw error;
    return append(database, { ...parameters, look: true });
  });
  return answers.ordinals.map((ordinal, index) => appendedRow({ answers, ordinal, index }));
}

interface Parameters {
  readonly chats: Uint8Array;
  readonly ids: Uint8Array;
  readonly senders: Uint8Array;
  readonly accounts: Uint8Array;
  readonly lengths: readonly number[];
  readonly envelopes: Uint8Array;
}

function parametersOf(batch: readonly AppendRequest[]): Parameters {
  return {
    chats: packedIds(batch.map(({ chat }) => chat)),
    ids: packedIds(batch.map(({ message }) => message.id)),
    senders: packedIds(batch.map(({ message }) => message.sender)),
    accounts: packedIds(batch.map(({ author }) => (author.type === "mate" ? MATE : author.account))),
    lengths: batch.map(({ message }) => message.envelope.length),
    envelopes: Buffer.concat(batch.map(({ message }) => message.envelope)),
  };
}

async function append(database: PrismaClient, parameters: Parameters & { look: boolean }): Promise<Answers> {
  const { chats, ids, senders, accounts, lengths, envelopes, look } = parameters;
  const [answers] = await runPrepared<Answers>(
    database,
    Prisma.sql`
    select array_agg(ordinal) as ordinals,
           array_agg(outcome) as outcomes,
           array_agg(coalesce(seq, 0)) as seqs,
           string_agg(coalesce(head, ${NO_HEAD}), '') as heads,
           array_agg(coalesce(extract(epoch from stored_at) * 1000, 0)::float8) as times
    from append_messages(${chats}, ${ids}, ${senders}, ${accounts}, ${lengths}, ${envelopes}, ${look})`,
  );
  if (!answers) throw new Error("An aggregate always has a row.");
  return answers;
}

/** Some message of the batch was stored before. SQLSTATE `unique_violation` */
function isTaken(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "23505";
}

const NO_HEAD = new Uint8Array(HEAD_LENGTH);

function appendedRow({ answers, ordinal, index }: { answers: Answers; ordinal: number; index: number }): AppendedRow {
  const outcome = answers.outcomes[index] ?? "missing";
  if (outcome !== "stored" && outcome !== "known") return { ordinal, outcome };
  const head = ownBytes(answers.heads.subarray(index * HEAD_LENGTH, (index + 1) * HEAD_LENGTH));
  return { ordinal, outcome, seq: answers.seqs[index] ?? 0, head, storedAt: answers.times[index] ?? 0 };
}
