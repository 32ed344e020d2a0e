import { Prisma, type PrismaClient } from "@openmates-share/prisma";
import { type Bytes, ID_LENGTH, idBytes, ownBytes } from "@openmates-share/protocol/wire";
import { accountBytes } from "../accounts/account-id.ts";
import type { AppendRequest } from "./append-request.ts";

/** What became of one message of a batch. */
export type AppendedRow = {
  /** Its place in the batch, from 0. */
  readonly ordinal: number;
} & (
  | { readonly outcome: "stored" | "known"; readonly seq: number; readonly head: Bytes; readonly storedAt: number }
  | { readonly outcome: "conflict" | "forbidden" | "missing" }
);

interface Row {
  readonly ordinal: number;
  readonly outcome: AppendedRow["outcome"];
  readonly seq: number;
  readonly head: Uint8Array;
  readonly stored_at: Date;
}

/** Stands for the mate in the place of an account; no account has it. */
const MATE = new Uint8Array(ID_LENGTH);

/** Commits a batch in one statement (the function of the same name, which says what the outcomes mean). */
export async function appendMessages(
  database: PrismaClient,
  batch: readonly AppendRequest[],
): Promise<readonly AppendedRow[]> {
  const pack = (part: (request: AppendRequest) => Uint8Array) => ownBytes(Buffer.concat(batch.map(part)));
  const chats = pack(({ chat }) => idBytes(chat));
  const ids = pack(({ message }) => idBytes(message.id));
  const senders = pack(({ message }) => idBytes(message.sender));
  const accounts = pack(({ author }) => (author.type === "mate" ? MATE : accountBytes(author.account)));
  const lengths = batch.map(({ message }) => message.envelope.length);
  const envelopes = pack(({ message }) => message.envelope);
  const rows = await database.$queryRaw<Row[]>(
    Prisma.sql`select * from append_messages(${chats}, ${ids}, ${senders}, ${accounts}, ${lengths}, ${envelopes})`,
  );
  return rows.map(appendedRow);
}

function appendedRow({ ordinal, outcome, seq, head, stored_at }: Row): AppendedRow {
  if (outcome !== "stored" && outcome !== "known") return { ordinal, outcome };
  return { ordinal, outcome, seq, head: ownBytes(head), storedAt: stored_at.getTime() };
}
