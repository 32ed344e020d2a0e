import type { EmbedRef } from "@openmates-share/protocol/content";
import {
  chunkCount,
  type EmbedContent,
  type EmbedHeader,
  loadEmbedContent,
  loadEmbedKey,
  openChunk,
  sealedSize,
} from "@openmates-share/protocol/embed";
import {
  type Bytes,
  type EmbedId,
  ProtocolError,
  partCount,
  partLength,
  SEALED_CHUNK,
} from "@openmates-share/protocol/wire";
import type { Credentials } from "../api.ts";
import { ClientError } from "../errors.ts";
import type { EmbedApi } from "./embed-api.ts";
import { retrying } from "./retrying.ts";

export interface ReadOptions {
  /** Bytes of the file. */
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/** An embed whose description is verified; its content is fetched when it is read. */
export class OpenedEmbed {
  readonly ref: EmbedRef;
  /** One of the embed types, or of a newer version. Like all names a claim of its maker's, and hostile input. */
  readonly type: string;
  readonly name: string;
  readonly mediaType: string;
  /** Bytes. */
  readonly size: number;
  /** Pixels. */
  readonly width: number | null;
  readonly height: number | null;
  readonly language: string | null;
  /** Milliseconds since 1970, by its maker's clock. */
  readonly time: number;
  /** Whether it is this device's own, which may share and erase it. */
  readonly owner: boolean;
  /** Ed25519 of its maker, verified. */
  readonly publicKey: Bytes;
  readonly #header: EmbedHeader;
  readonly #api: Pick<EmbedApi, "part">;
  readonly #credentials: () => Promise<Credentials>;

  /** @throws ClientError `malformed` when what is stored cannot be what the header describes */
  constructor(options: {
    ref: EmbedRef;
    header: EmbedHeader;
    publicKey: Bytes;
    stored: { readonly size: number; readonly owner: boolean };
    api: Pick<EmbedApi, "part">;
    credentials: () => Promise<Credentials>;
  }) {
    const { ref, header, publicKey, stored } = options;
    if (stored.size !== sealedSize(header.size)) throw new ClientError("malformed", "This file is not whole.");
    this.ref = ref;
    this.type = header.type;
    this.name = header.name;
    this.mediaType = header.mediaType;
    this.size = header.size;
    this.width = header.width;
    this.height = header.height;
    this.language = header.language;
    this.time = header.time;
    this.owner = stored.owner;
    this.publicKey = publicKey;
    this.#header = header;
    this.#api = options.api;
    this.#credentials = options.credentials;
  }

  /**
   * The content, each chunk verified before it comes out; fetched as it is read, a part ahead of nobody. Fails with a
   * ClientError: `not_found`, `unreachable`, `aborted`, or the protocol's code for what is not what was shared.
   */
  stream(options: ReadOptions = {}): ReadableStream<Uint8Array> {
    const chunks = this.#chunks(options);
    return new ReadableStream<Uint8Array>(
      {
        async pull(controller) {
          const { done, value } = await chunks.next();
          if (done) controller.close();
          else controller.enqueue(value);
        },
        async cancel() {
          await chunks.return(undefined);
        },
      },
      { highWaterMark: 0 },
    );
  }

  /** All of it, of that type: `application/octet-stream` unless told, so that nothing takes it for a document. */
  async blob(options: ReadOptions & { type?: string } = {}): Promise<Blob> {
    const pieces: Uint8Array<ArrayBuffer>[] = [];
    for await (const piece of this.#chunks(options)) pieces.push(piece);
    return new Blob(pieces, { type: options.type ?? "application/octet-stream" });
  }

  /** All of it as text. @throws ClientError as `stream`, `malformed` for what is not UTF-8 */
  async text(options: ReadOptions = {}): Promise<string> {
    const blob = await this.blob(options);
    try {
      return new TextDecoder("utf-8", { fatal: true }).decode(await blob.arrayBuffer());
    } catch (cause) {
      throw new ClientError("malformed", "This is not text.", { cause });
    }
  }

  async *#chunks({ onProgress, signal }: ReadOptions): AsyncGenerator<Bytes, undefined> {
    const { id: embed, key: raw } = this.ref;
    const content = await loadEmbedContent(await loadEmbedKey({ embed, raw }), this.#header);
    const size = sealedSize(this.size);
    let done = 0;
    for (let index = 0, chunk = 0; index < partCount(size); index++) {
      const part = await this.#part({ embed, index, length: partLength(size, index), signal });
      for (let at = 0; at < part.length; at += SEALED_CHUNK, chunk++) {
        const piece = await opening({ content, chunk, sealed: part.subarray(at, at + SEALED_CHUNK) });
        done += piece.length;
        onProgress?.(done, this.size);
        // What follows the content in the last chunks is padding alone; it is verified, and nothing comes of it.
        if (piece.length > 0 || chunkCount(this.size) === 0) yield piece;
      }
    }
    return undefined;
  }

  async #part(options: { embed: EmbedId; index: number; length: number; signal: AbortSignal | undefined }) {
    const { embed, index, length, signal } = options;
    if (signal?.aborted) throw new ClientError("aborted", "This was cancelled.");
    const as = await this.#credentials();
    return retrying(signal, () => this.#api.part(embed, { index, length, as, signal }));
  }
}

/** @throws ClientError with the protocol's code */
async function opening(options: { content: EmbedContent; chunk: number; sealed: Uint8Array }): Promise<Bytes> {
  try {
    return await openChunk(options.content, options.chunk, options.sealed);
  } catch (cause) {
    if (!(cause instanceof ProtocolError)) throw cause;
    throw new ClientError(
      cause.code,
      "This file is not what was shared: it was altered on the way. It was not opened.",
      {
        cause,
      },
    );
  }
}
