import { Readable } from "node:stream";
import type { PrismaClient } from "@openmates-share/prisma";
import { idBytes, partCount, partLength } from "@openmates-share/protocol/wire";
import { embedNotFound } from "../http/failure.ts";
import type { EmbedGate, EmbedRequest } from "./embed-gate.ts";

/** What a slow reader holds in memory here, in bytes: the next slice is read when the last one has left. */
const SLICE = 128 << 10;

export interface PartStream {
  readonly length: number;
  readonly bytes: Readable;
}

/** Hands out parts. Each is a request of its own, so a link that was revoked yields nothing beyond the part under way. */
export class EmbedParts {
  readonly #database: PrismaClient;
  readonly #gate: EmbedGate;

  constructor(options: { database: PrismaClient; gate: EmbedGate }) {
    this.#database = options.database;
    this.#gate = options.gate;
  }

  /** @throws WireFailure `not_found`, also for a part that there is not */
  async read(request: EmbedRequest & { index: number }): Promise<PartStream> {
    await this.#gate.check(request);
    const row = await this.#database.embed.findUnique({
      where: { id: idBytes(request.embed), completedAt: { not: null } },
      select: { size: true },
    });
    if (!row || request.index >= partCount(row.size)) throw embedNotFound();
    const length = partLength(row.size, request.index);
    // The first slice before the answer begins, so that a failure still gets an answer of its own.
    const first = await this.#slice(request, 0);
    return { length, bytes: Readable.from(this.#slices(request, { first, length }), { objectMode: false }) };
  }

  async *#slices(
    request: EmbedRequest & { index: number },
    { first, length }: { first: Uint8Array; length: number },
  ): AsyncGenerator<Uint8Array> {
    yield first;
    for (let at = first.length; at < length; ) {
      const slice = await this.#slice(request, at);
      yield slice;
      at += slice.length;
    }
  }

  /** @throws WireFailure `not_found` for what was erased meanwhile */
  async #slice({ embed, index }: EmbedRequest & { index: number }, at: number): Promise<Uint8Array> {
    const [row] = await this.#database.$queryRaw<{ slice: Uint8Array }[]>`
      select substring(bytes from ${at + 1}::int for ${SLICE}::int) as slice
      from embed_parts where embed_id = ${idBytes(embed)} and index = ${index}`;
    if (!row || row.slice.length === 0) throw embedNotFound();
    return row.slice;
  }
}
